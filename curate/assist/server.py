"""Server: any OpenAI-compatible one, as vLLM, Ollama, llama.cpp or `transformers serve`.

It is sent messages and limits, never tools. A JSON schema is sent along until the server says that
it does not know such a thing; the answer is checked here in any case.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from curate.assist.question import Busy, NoModel, Question, Reply, TurnedDown
from curate.errors import BadSetting, MissingExtra

if TYPE_CHECKING:
    import openai

NO_KEY = "none"  # servers on one's own machine want none, but the client wants a text
PASSING = {
    408: "",
    409: "",
    425: "",
    429: ": too many calls; --per-minute and --at-once ask for fewer",
}
HINTS = {
    401: "is the key right? it is read from {key_from}",
    403: "is the key allowed to use this model? it is read from {key_from}",
    404: "is --model the name that the server knows, and does --server end in /v1?",
}


class Server:
    """One model behind an address."""

    def __init__(
        self, url: str, model: str, timeout_seconds: float = 120.0, key_from: str = "OPENAI_API_KEY"
    ) -> None:
        try:
            import openai
        except ImportError as error:
            raise MissingExtra("asking a server", "assist") from error
        if not url.startswith(("http://", "https://")):
            raise BadSetting(f"--server {url}: an address begins with http://, as http://{url}")
        self.name = f"{model} at {url}"
        self._url, self._model, self._key_from = url, model, key_from
        self._takes_schema = True
        self._client = openai.OpenAI(
            base_url=url,
            api_key=os.environ.get(key_from) or NO_KEY,
            timeout=timeout_seconds,
            max_retries=0,
        )

    def reply(self, question: Question, attempt: int) -> Reply:
        """One call; Busy, TurnedDown or NoModel where there is no reply."""
        import openai

        try:
            return understood(self._asked(question, attempt))
        except openai.APITimeoutError as error:
            raise Busy("the server took too long; --timeout gives it more") from error
        except openai.APIConnectionError as error:
            raise Busy(f"no connection to {self._url}; is it running?") from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (openai.APIError, ValueError) as error:  # a body that is no answer at all
            raise Busy(f"the server's reply cannot be read: {short(error)}") from error

    def _asked(self, question: Question, attempt: int) -> Any:
        import openai

        said: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": role, "content": text} for role, text in question.messages],
            "max_tokens": question.most_tokens,
            "temperature": question.temperature,
            "seed": question.seed + attempt,
            "extra_headers": {"Idempotency-Key": f"{question.key(self.name)}-{attempt}"},
        }
        if question.shape is None or not self._takes_schema:
            return self._client.chat.completions.create(**said)
        try:
            return self._client.chat.completions.create(**said, response_format=as_format(question))
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if "response_format" not in str(error) and "schema" not in str(error):
                raise
            self._takes_schema = False
            return self._client.chat.completions.create(**said)

    def _refused(self, error: openai.APIStatusError) -> Exception:
        status = error.status_code
        if status in PASSING or status >= 500:
            return Busy(f"the server said {status}{PASSING.get(status, '')}", asked_to_wait(error))
        if status in HINTS:
            hint = HINTS[status].format(key_from=self._key_from)
            return NoModel(f"{self._url} said {status} to model {self._model!r}: {hint}")
        return TurnedDown(f"the server refused the question ({status}): {short(error)}")


def as_format(question: Question) -> Any:
    """The schema as servers take it; not as `strict`, which refuses more of them than it helps."""
    assert question.shape is not None
    schema = {"name": question.shape.__name__, "schema": question.parameters["schema"]}
    return {"type": "json_schema", "json_schema": schema}


def understood(completion: Any) -> Reply:
    """The reply in a completion; ValueError where there is none."""
    choices = getattr(completion, "choices", None)
    if not choices or choices[0].message is None or choices[0].message.content is None:
        raise ValueError("it holds no message")
    usage = completion.usage
    return Reply(
        text=choices[0].message.content,
        prompt_tokens=usage.prompt_tokens if usage else None,
        answer_tokens=usage.completion_tokens if usage else None,
        cut=choices[0].finish_reason == "length",
    )


def asked_to_wait(error: openai.APIStatusError) -> float:
    """Seconds that the server named; 0 where it named none."""
    try:
        return max(float(error.response.headers.get("retry-after", 0)), 0.0)
    except ValueError:
        return 0.0


def short(error: Exception) -> str:
    """The first words of a message that may be long."""
    return " ".join(str(error).split())[:200]
