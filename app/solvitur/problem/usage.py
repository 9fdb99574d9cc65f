"""What asking a language model cost."""

from __future__ import annotations

from dataclasses import dataclass

from solvitur.problem.records import Record


@dataclass(frozen=True)
class Usage(Record, tag="usage"):
    """Calls of a language model, what went in and out in tokens, what that cost, and how long it took.

    ``money`` is in the currency of the prices that the user gave, 0 where no price is known; ``seconds`` are summed
    over calls, also over those that ran side by side.
    """

    calls: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    money: float = 0.0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.prompt_tokens + self.reply_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.reply_tokens + other.reply_tokens,
            self.money + other.money,
            self.seconds + other.seconds,
        )

    def __str__(self) -> str:
        if not self.calls:
            return "no calls"
        calls = "1 call" if self.calls == 1 else f"{self.calls} calls"
        money = f", {self.money:.4f} money" if self.money else ""
        return f"{calls}, {self.tokens} tokens, {self.seconds:.1f} s{money}"


def tokens_in(text: str) -> int:
    """Estimates the tokens of a text where no server tells: one for about four bytes, as common tokenisers do."""
    return (len(text.encode("utf-8", "replace")) + 3) // 4
