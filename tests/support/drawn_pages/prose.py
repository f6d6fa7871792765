"""Sentences that nobody wrote before: the same for the same seed, in English and in Chinese."""

from __future__ import annotations

import random

ENGLISH = {
    "who": (
        "the committee", "a careful reader", "every second station", "our northern office", "the old harbour",
        "one of the engineers", "the printed catalogue", "a small workshop", "the regional museum", "Dr. Okafor",
        "the survey of 1987", "Margaret Lindqvist", "the river authority", "a retired carpenter", "the second author",
    ),
    "does": (
        "measures", "describes", "compares", "has repaired", "rarely mentions", "will publish", "depends on",
        "cannot explain", "replaced", "carefully documents", "estimates", "was asked about", "keeps",
    ),
    "what": (
        "the temperature of shallow water", "a collection of wooden instruments", "twenty-four copper plates",
        "the relationship between rainfall and harvest", "an unusual number of letters", "its own bookkeeping",
        "approximately 3,400 households", "the international agreement", "several unpublished manuscripts",
        "a considerable proportion of the budget", "the foundation of the bridge", "two independent observations",
    ),
    "when": (
        "before the end of the season", "since March 2014", "in less than eleven minutes", "without any warning",
        "for the third consecutive year", "at a height of 1,250 metres", "despite heavy criticism",
        "(see the appendix)", "during the winter months", "on both sides of the valley", "with remarkable accuracy",
    ),
    "also": (
        "however,", "in addition,", "as a result,", "surprisingly,", "on the other hand,", "until recently,",
    ),
}  # fmt: skip
CHINESE = {
    "who": (
        "委员会", "该研究小组", "北方办事处", "市级图书馆", "第二季度报告", "王建国教授", "港口管理部门", "多数受访者",
    ),
    "does": ("详细记录了", "重新评估了", "首次公布了", "逐步改善了", "比较了", "尚未解释", "明确指出", "持续关注"),
    "what": (
        "水资源利用的长期变化", "约3400户家庭的用电情况", "两座桥梁的基础结构", "城乡居民的阅读习惯", "近十年的降雨量",
        "新能源汽车的销售数据", "公共交通的运行效率", "传统手工艺的传承方式",
    ),
    "when": (
        "自2014年以来", "在冬季期间", "与去年同期相比", "根据最新统计", "在此基础上", "截至十二月底", "从总体来看",
    ),
}  # fmt: skip


class Prose:
    """Words from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def sentence(self) -> str:
        """One English sentence of some 8 to 25 words."""
        pick = self._pick
        parts = [pick("who"), pick("does"), pick("what")]
        if self._random.random() < 0.3:
            parts.insert(0, pick("also"))
        if self._random.random() < 0.7:
            parts.append(pick("when"))
        if self._random.random() < 0.25:
            parts += ["and", pick("does"), pick("what")]
        words = " ".join(parts)
        return f"{words[0].upper()}{words[1:]}."

    def paragraph(self, sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def phrase(self) -> str:
        """A few words without an end, for headings and items."""
        words = self._pick("what")
        return f"{words[0].upper()}{words[1:]}"

    def chinese(self, sentences: int) -> str:
        """A Chinese paragraph."""
        return "".join(
            f"{self._random.choice(CHINESE['when'])}，{self._random.choice(CHINESE['who'])}"
            f"{self._random.choice(CHINESE['does'])}{self._random.choice(CHINESE['what'])}。"
            for _ in range(sentences)
        )

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def decimal(self, low: int, high: int) -> str:
        return f"{self._random.uniform(low, high):.2f}"

    def choice(self, values: tuple[str, ...]) -> str:
        return self._random.choice(values)

    def _pick(self, kind: str) -> str:
        return self._random.choice(ENGLISH[kind])
