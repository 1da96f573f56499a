"""Instructor in Python, which turns answers into objects in several ways."""

from collections.abc import Iterable

import instructor
import openai
from instructor import Mode
from play import ask, play, raised
from pydantic import BaseModel

client = openai.OpenAI()


class Place(BaseModel):
    city: str
    founded: int


class Weather(BaseModel):
    city: str


def user(content):
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}


def place_of(mode, content):
    made = instructor.from_openai(client, mode=mode).create(response_model=Place, **user(content))
    assert isinstance(made, Place)


def chat():
    answer = instructor.from_openai(client).create(response_model=None, **user(ask["fact"]))
    assert "Canberra" in answer.choices[0].message.content


def stream():
    made = instructor.from_openai(client).create_partial(response_model=Place, **user(ask["place"]))
    *_, last = made
    assert last.city and last.founded


def tools():
    made = instructor.from_openai(client, mode=Mode.PARALLEL_TOOLS).create(
        response_model=Iterable[Weather], **user(f"{ask['weather']} [[sim:tool]]")
    )
    return [type(each).__name__ for each in made]


def vision():
    picture = {"type": "image_url", "image_url": {"url": ask["image_url"]}}
    place_of(Mode.TOOLS, [{"type": "text", "text": ask["picture"]}, picture])


def responses():
    place_of(Mode.RESPONSES_TOOLS, ask["place"])


def error():
    stranger = instructor.from_openai(openai.OpenAI(api_key=ask["wrong_key"]))
    refused = raised(lambda: stranger.create(response_model=Place, max_retries=1, **user(ask["place"])))
    return type(refused).__name__


play(
    {
        "chat": chat,
        "stream": stream,
        "tools": tools,
        "streamed tools": lambda: place_of(Mode.TOOLS_STRICT, ask["place"]),
        "schema": lambda: place_of(Mode.JSON_SCHEMA, ask["place"]),
        "vision": vision,
        "responses": responses,
        "error": error,
    }
)
