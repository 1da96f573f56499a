"""The official Python client."""

import json

import openai
from play import ask, play, raised, shape_of
from pydantic import BaseModel

client = openai.OpenAI()
MODEL = "gpt-4o"
SYSTEM = {"role": "system", "content": "You are a helpful assistant."}
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Tells the weather", "parameters": ask["weather_parameters"]},
}
RESPONSES_WEATHER = {"type": "function", "strict": True, **WEATHER["function"]}


class Place(BaseModel):
    city: str
    founded: int


def user(content):
    return {"role": "user", "content": content}


def shape(answer):
    return shape_of(answer.model_dump(exclude_unset=True))


def chat():
    answer = client.chat.completions.create(
        model=MODEL, messages=[SYSTEM, user(ask["fact"])], temperature=0.2, max_tokens=300
    )
    assert "Canberra" in answer.choices[0].message.content
    return shape(answer)


def stream():
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=[user(ask["proof"])], stream=True, stream_options={"include_usage": True}
        )
    )
    words = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert "irrational" in words
    assert chunks[-1].usage.total_tokens > 0
    return shape_of([chunk.model_dump(exclude_unset=True) for chunk in chunks])


def tools():
    messages = [SYSTEM, user(ask["weather"])]
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    message = first.choices[0].message
    call = message.tool_calls[0]
    assert list(json.loads(call.function.arguments)) == ["city"]
    messages += [message, {"role": "tool", "tool_call_id": call.id, "content": "sunny"}]
    second = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    assert "sunny" in second.choices[0].message.content
    return [shape(first), shape(second)]


def streamed_tools():
    with client.chat.completions.stream(model=MODEL, messages=[user(ask["weather"])], tools=[WEATHER]) as events:
        types = {event.type for event in events}
        message = events.get_final_completion().choices[0].message
    assert message.tool_calls[0].function.name == "get_weather"
    return sorted(types)


def schema():
    answer = client.chat.completions.parse(model=MODEL, messages=[user(ask["place"])], response_format=Place)
    return shape_of(answer.choices[0].message.parsed.model_dump())


def vision():
    content = [{"type": "text", "text": ask["picture"]}, {"type": "image_url", "image_url": {"url": ask["image_url"]}}]
    answer = client.chat.completions.create(model=MODEL, messages=[user(content)])
    assert "square" in answer.choices[0].message.content
    return shape(answer)


def reasoning():
    answer = client.chat.completions.create(
        model="o4-mini",
        messages=[{"role": "developer", "content": "Be brief."}, user(ask["proof"])],
        reasoning_effort="low",
        max_completion_tokens=4000,
    )
    assert "irrational" in answer.choices[0].message.content
    return shape(answer)


def embeddings():
    packed = client.embeddings.create(model="text-embedding-3-small", input=ask["texts"])
    plain = client.embeddings.create(
        model="text-embedding-3-small", input=ask["texts"], dimensions=256, encoding_format="float"
    )
    assert all(isinstance(number, float) for each in packed.data for number in each.embedding)
    assert {len(each.embedding) for each in plain.data} == {256}
    return [shape(packed), shape(plain)]


def responses():
    answer = client.responses.create(model=MODEL, instructions="Be brief.", input=ask["fact"])
    assert "Canberra" in answer.output_text
    again = client.responses.create(
        model=MODEL, previous_response_id=answer.id, input=ask["proof"], max_output_tokens=2000
    )
    assert "irrational" in again.output_text
    assert client.responses.retrieve(answer.id).id == answer.id
    return shape(answer.usage)


def responses_stream():
    events = list(client.responses.create(model=MODEL, input=ask["proof"], stream=True))
    words = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert "irrational" in words
    assert events[-1].type == "response.completed", events[-1].type
    return [sorted({event.type for event in events}), shape(events[-1].response.usage)]


def responses_tools():
    first = client.responses.create(model=MODEL, input=ask["weather"], tools=[RESPONSES_WEATHER])
    call = next(item for item in first.output if item.type == "function_call")
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    second = client.responses.create(
        model=MODEL, previous_response_id=first.id, input=[output], tools=[RESPONSES_WEATHER]
    )
    assert "sunny" in second.output_text
    items = [user(ask["weather"]), call.model_dump(exclude_unset=True), output]
    whole = client.responses.create(model=MODEL, input=items, tools=[RESPONSES_WEATHER])
    assert "sunny" in whole.output_text


def responses_schema():
    answer = client.responses.parse(model=MODEL, input=ask["place"], text_format=Place)
    return shape_of(answer.output_parsed.model_dump())


def abort():
    with client.chat.completions.create(model=MODEL, messages=[user(ask["endless"])], stream=True) as chunks:
        next(iter(chunks))
    impatient = client.with_options(timeout=0.3, max_retries=0)
    silent = [user(ask["silent"])]
    error = raised(lambda: impatient.chat.completions.create(model=MODEL, messages=silent))
    return type(error).__name__


def error():
    stranger = openai.OpenAI(api_key=ask["wrong_key"])
    attempts = [
        lambda: stranger.chat.completions.create(model=MODEL, messages=[user(ask["fact"])]),
        lambda: client.chat.completions.create(model=MODEL, messages=[]),
        lambda: client.models.retrieve("gpt-nought"),
        lambda: list(client.chat.completions.create(model=MODEL, messages=[user(ask["broken"])], stream=True)),
    ]
    errors = [raised(attempt) for attempt in attempts]
    return [[type(each).__name__, getattr(each, "status_code", None)] for each in errors]


play(
    {
        "chat": chat,
        "stream": stream,
        "tools": tools,
        "streamed tools": streamed_tools,
        "schema": schema,
        "vision": vision,
        "reasoning": reasoning,
        "embeddings": embeddings,
        "responses": responses,
        "responses stream": responses_stream,
        "responses tools": responses_tools,
        "responses schema": responses_schema,
        "abort": abort,
        "error": error,
    }
)
