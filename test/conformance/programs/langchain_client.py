"""LangChain in Python, which wraps the official client."""

from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from play import ask, play, raised
from pydantic import BaseModel

model = ChatOpenAI(model="gpt-4o", temperature=0.2, max_tokens=300, stream_usage=True)
responses_model = ChatOpenAI(model="gpt-4o", use_responses_api=True)


class Place(BaseModel):
    city: str
    founded: int


@tool
def get_weather(city: str) -> str:
    """Tells the weather"""
    return "sunny"


def text_of(answer):
    return answer.content if isinstance(answer.content, str) else "".join(part.get("text", "") for part in answer.content)


def answer_of(chat):
    answer = chat.invoke([SystemMessage("You are a helpful assistant."), HumanMessage(ask["fact"])])
    assert "Canberra" in text_of(answer)
    assert answer.usage_metadata["total_tokens"] > 0


def read_stream(chat):
    whole = None
    for chunk in chat.stream(ask["proof"]):
        whole = chunk if whole is None else whole + chunk
    assert "irrational" in text_of(whole)
    assert whole.usage_metadata["total_tokens"] > 0


def call_tools(chat):
    able = chat.bind_tools([get_weather])
    question = HumanMessage(ask["weather"])
    first = able.invoke([question])
    call = first.tool_calls[0]
    result = ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"])
    assert "sunny" in text_of(able.invoke([question, first, result]))
    return [call["name"], list(call["args"])]


def streamed_tools():
    whole = None
    for chunk in model.bind_tools([get_weather]).stream(ask["weather"]):
        whole = chunk if whole is None else whole + chunk
    return [[call["name"], list(call["args"])] for call in whole.tool_calls]


def place_of(chat):
    assert isinstance(chat.with_structured_output(Place).invoke(ask["place"]), Place)


def vision():
    content = [
        {"type": "text", "text": ask["picture"]},
        {"type": "image_url", "image_url": {"url": ask["image_url"]}},
    ]
    assert "square" in text_of(model.invoke([HumanMessage(content)]))


def reasoning():
    reasoner = ChatOpenAI(model="o4-mini", reasoning_effort="low")
    answer = reasoner.invoke([SystemMessage("Be brief."), HumanMessage(ask["proof"])])
    assert "irrational" in text_of(answer)


def embeddings():
    vectors = OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=False)
    return [len(each) for each in vectors.embed_documents(ask["texts"])]


def abort():
    for chunk in model.stream(ask["endless"]):
        if text_of(chunk) != "":
            break


def error():
    stranger = ChatOpenAI(model="gpt-4o", api_key=ask["wrong_key"])
    refused = raised(lambda: stranger.invoke(ask["fact"]))
    broken = raised(lambda: list(model.stream(ask["broken"])))
    return [type(refused).__name__, refused.status_code, type(broken).__name__]


play(
    {
        "chat": lambda: answer_of(model),
        "stream": lambda: read_stream(model),
        "tools": lambda: call_tools(model),
        "streamed tools": streamed_tools,
        "schema": lambda: place_of(model),
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
