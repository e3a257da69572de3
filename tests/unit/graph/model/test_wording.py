"""What validation finds wrong: every word is plain, every value is short."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.model.wording import fault, given


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=2, max_length=1000, pattern="^a")] = "aa"
    whole: Annotated[int, Field(ge=1, lt=10)] = 1
    yes: bool = True
    word: Literal["1.0"] = "1.0"
    items: tuple[int, ...] = ()
    inner: dict[str, int] = {}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"text": 5}, "text is expected; write it in quotes"),
        ({"text": "a"}, "is too short; give at least 2 characters"),
        ({"text": "a" * 1001}, "is too long; give at most 1,000 characters"),
        ({"text": "bb"}, "is written in another form; it must match ^a"),
        ({"whole": "x"}, "a whole number is expected"),
        ({"whole": 1.5}, "a whole number is expected"),
        ({"whole": 0}, "is out of bounds; give 1 or more"),
        ({"whole": 10}, "is out of bounds; give a number below 10"),
        ({"yes": "perhaps"}, "true or false is expected"),
        ({"word": "2.0"}, "use '1.0'"),
        ({"items": 5}, "a list is expected; write it in [ ]"),
        ({"inner": 5}, "a JSON object is expected; write it in { }"),
        ({"other": 5}, "there is no such field; correct its name, or leave it out"),
        (5, "a JSON object is expected; write it in { }"),
    ],
)
def test_fault_is_told_in_plain_words(value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(value)

    assert [fault(detail) for detail in caught.value.errors()] == [said]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("red", "'red'"), (None, "null"), (True, "true"), ({"a": [1]}, '{"a":[1]}'), (5, "5")],
)
def test_value_is_shown_as_its_sender_wrote_it(value: Any, shown: str) -> None:
    assert given(value) == shown


def test_value_of_any_depth_is_shown_short() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]

    assert given(deep) == "[" * 80
