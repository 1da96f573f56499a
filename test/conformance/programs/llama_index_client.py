"""LlamaIndex in Python."""

from llama_index.core.base.llms.types import ChatMessage, ImageBlock, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI, OpenAIResponses
from play import ask, play, raised
from pydantic import BaseModel

chat_model = OpenAI(model="gpt-4o", temperature=0.2, max_tokens=300)
responses_model = OpenAIResponses(model="gpt-4o")


class Place(BaseModel):
    city: str
    founded: int


def get_weather(city: str) -> str:
    """Tells the weather"""
    return "sunny"


weather = FunctionTool.from_defaults(get_weather)


def answer_of(model):
    answer = model.chat([ChatMessage("You are a helpful assistant.", role="system"), ChatMessage(ask["fact"])])
    assert "Canberra" in answer.message.content


def read_stream(model):
    words = "".join(chunk.delta or "" for chunk in model.stream_chat([ChatMessage(ask["proof"])]))
    assert "irrational" in words


def call_tools(model):
    question = ChatMessage(ask["weather"])
    first = model.chat_with_tools([weather], chat_history=[question])
    [call] = model.get_tool_calls_from_response(first)
    result = ChatMessage(
        str(weather(**call.tool_kwargs)), role="tool", additional_kwargs={"tool_call_id": call.tool_id}
    )
    second = model.chat_with_tools([weather], chat_history=[question, first.message, result])
    assert "sunny" in second.message.content
    return [call.tool_name, list(call.tool_kwargs)]


def streamed_tools():
    *_, last = chat_model.stream_chat_with_tools([weather], user_msg=ask["weather"])
    return [call.tool_name for call in chat_model.get_tool_calls_from_response(last)]


def place_of(model):
    answer = model.as_structured_llm(Place).chat([ChatMessage(ask["place"])])
    assert isinstance(answer.raw, Place)


def vision():
    blocks = [TextBlock(text=ask["picture"]), ImageBlock(url=ask["image_url"])]
    assert "square" in chat_model.chat([ChatMessage(blocks, role="user")]).message.content


def reasoning():
    reasoner = OpenAI(model="o4-mini", reasoning_effort="low")
    assert "irrational" in reasoner.chat([ChatMessage(ask["proof"])]).message.content


def embeddings():
    vectors = OpenAIEmbedding(model="text-embedding-3-small").get_text_embedding_batch(ask["texts"])
    return [len(each) for each in vectors]


def abort():
    for chunk in chat_model.stream_chat([ChatMessage(ask["endless"])]):
        if chunk.delta:
            break


def error():
    stranger = OpenAI(model="gpt-4o", api_key=ask["wrong_key"])
    refused = raised(lambda: stranger.chat([ChatMessage(ask["fact"])]))
    broken = raised(lambda: list(chat_model.stream_chat([ChatMessage(ask["broken"])])))
    return [type(refused).__name__, refused.status_code, type(broken).__name__]


play(
    {
        "chat": lambda: answer_of(chat_model),
        "stream": lambda: read_stream(chat_model),
        "tools": lambda: call_tools(chat_model),
        "streamed tools": streamed_tools,
        "schema": lambda: place_of(chat_model),
        "vision": vision,
        "reasoning": reasoning,
        "embeddings": embeddings,
        "responses": lambda: answer_of(responses_model),
        "responses stream": lambda: read_stream(responses_model),
        "responses tools": lambda: call_tools(responses_model),
        "responses schema": lambda: place_of(responses_model),
        "abort": abort,
        "error": error,
    }
)
