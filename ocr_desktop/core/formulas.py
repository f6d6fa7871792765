r"""Which formulas can be drawn right, and how they are written for that.

The typesetter prints what it does not know as letters, drops the rules of an array, and needs exponential time for
what is nested; so a formula goes to it only where everything in it is known to come out right. Looked at with ziamath
0.13: a command that is not listed here comes out wrong there, or nobody looked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_SOURCE = 3000
"""Characters; time grows with the length, about 2 ms for ten letters."""
DEEPEST = 8
"""Braces, fences and environments inside one another; each level doubles the time."""

_ENVIRONMENTS = {
    **{name: name for name in ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix")},
    **{name: name for name in ("cases", "array", "split")},
    **dict.fromkeys(("align", "align*", "aligned", "eqnarray", "eqnarray*"), "align*"),
    **dict.fromkeys(("gather", "gather*", "gathered", "multline", "multline*"), "gathered"),
    **dict.fromkeys(("equation", "equation*", "displaymath", "math"), ""),
}
"""What each is drawn as; one that only says that here is a formula goes."""
_FENCES = {"p": ("(", ")"), "b": ("[", "]"), "B": (r"\{", r"\}"), "v": ("|", "|"), "V": (r"\|", r"\|")}
_SMALL_MATRIX = 250
"""Characters; fences double the time, and few things that stand beside a larger matrix are higher."""
_MATRIX = re.compile(
    r"\\begin\{([pbBvV])matrix\}((?:(?!\\(?:begin|end)\s*\{).)*)\\end\{\1matrix\}(?=(\s*[\^_])?)", re.DOTALL
)
"""With no other in it, and whether it has an index or exponent."""
_COLUMNS = re.compile(r"\{[\slcr]*\}")
_TEXT_COMMANDS = frozenset({"\\text", "\\textrm", "\\textbf", "\\textit", "\\mbox", "\\textnormal"})
_VOCABULARY = (
    # letters
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
    "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell hbar Re Im aleph imath jmath partial nabla infty emptyset varnothing prime degree "
    # relations, operators, arrows
    "le leq ge geq ne neq leqslant geqslant ll gg approx sim simeq cong equiv propto perp parallel mid in notin ni "
    "subset subseteq supset supseteq prec succ preceq succeq models vdash coloneqq eqqcolon pm mp times div cdot ast "
    "star circ bullet oplus ominus otimes odot wedge vee neg land lor lnot setminus cup cap sqcup sqcap forall exists "
    "nexists therefore because triangle angle square checkmark dagger ddagger S to gets mapsto hookrightarrow "
    "rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow longleftarrow "
    "Longrightarrow iff implies uparrow downarrow rightharpoonup rightleftharpoons xrightarrow xleftarrow top bot sum "
    "prod coprod int iint iiint oint oiint bigcup bigcap bigoplus bigotimes bigvee bigwedge limits nolimits cdots "
    "ldots dots vdots ddots dotsc dotsb lim max min sup inf limsup liminf arg det dim ker gcd exp log ln lg sin cos "
    "tan cot sec csc sinh cosh tanh arcsin arccos arctan Pr deg hom operatorname operatorname* "
    # what takes something
    "frac dfrac tfrac sqrt binom choose over atop overset underset stackrel overline underline overbrace underbrace "
    "overrightarrow widehat widetilde hat bar vec tilde dot ddot dddot acute grave check breve mathring boxed cancel "
    "substack phantom vphantom mathstrut pmod "
    # faces and sizes
    "mathrm mathbf mathbb mathcal mathscr mathfrak mathit boldsymbol bm pmb rm bf it cal displaystyle textstyle "
    "scriptstyle "
    # fences and distances
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr lvert rvert lVert rVert langle rangle "
    "lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack vert Vert quad qquad hspace"
)
COMMANDS = _TEXT_COMMANDS | {f"\\{name}" for name in _VOCABULARY.split()}
"""All that come out right."""
_SIGNS = frozenset(f"\\{sign}" for sign in ",;:! {}|%&#_$\\")
_LETTERS = re.compile(
    "[\u0020-\u007e\u00a1-\u00ff\u0370-\u03ff\u2010-\u2044\u2070-\u209c\u2100-\u23ff\u25a0-\u25ff\u27c0-\u27ff"
    "\u2900-\u2aff\U0001d400-\U0001d7ff]*"
)
"""Where letters of the typesetter's own font lie; it draws any other as an empty box."""
_PLAIN_SIGNS = str.maketrans("，；：（）！？＝＋\n\t\u00a0\u2009\u2028", ",;:()!?=+     ")
"""What Chinese text writes wider, and what is a space."""

_TOKEN = re.compile(r"\\(?:operatorname|hspace)\*|\\[A-Za-z]+|\\.|[{}&%#$]|[^\\{}&%#$]+|\\\Z", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
_TAG = re.compile(r"\\tag\s*(\*?)\s*\{([^{}\\$]*)\}")
_TRAILING_NUMBER = re.compile(r"\\q?quad\s*(?:\\text\s*\{)?\(([0-9A-Za-z.-]{1,8})\)\}?\s*[.,]?\s*\Z")
_UNIT = "(?:pt|em|ex|mm|cm|in)"
_DISTANCE = re.compile(rf"\s*-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*{_UNIT}\s*")
_NAME = r"\\?[A-Za-z]+(?:(?:\s|~|\\[,;: ]|\\(?=[a-z]))+[A-Za-z]+)*"
_OPERATOR = re.compile(
    rf"\\operatorname(\*?)\s*\{{\s*(?:\\(?:mathrm|rm|text)(?![A-Za-z])\s*)?(\{{)?\s*({_NAME})\s*(?(2)\}}\s*)\}}"
    r"(?:\s*(\\limits)(?![A-Za-z]))?"
)
_SPACES_IN_NAME = re.compile(r"(?:\s|~|\\[,;: ]?)+")
_THIN_SPACE = "\u2009"
"""The only one that the name of an operator keeps."""
_NAMELESS_OPERATOR = re.compile(rf"\\operatorname(?!\*?\{{[A-Za-z{_THIN_SPACE}]+\}})")
_OTHER_NAME = re.compile(r"\\operatorname\s*\{([A-Za-z0-9 .-]*[0-9.-][A-Za-z0-9 .-]*)\}")
_SPELLINGS = (
    (re.compile(rf"(?<!\\)((?:\\\\)+)\s*\[\s*-?[0-9.]+\s*{_UNIT}\s*\]"), r"\1 "),
    (re.compile(r"\\(?:label\s*\{[^{}]*\}|(?:nonumber|notag)(?![A-Za-z]))"), " "),
    (
        re.compile(
            r"\\mathop\s*\{\s*(?:\\(?:mathrm|rm|operatorname|text)(?![A-Za-z])\s*)?(\{)?\s*"
            rf"({_NAME})\s*(?(1)\}}\s*)\}}(?:\s*\\limits(?![A-Za-z]))?"
        ),
        r"\\operatorname*{\2}",
    ),
    (_OTHER_NAME, r"\\text{\1}"),
    (re.compile(r"([_^](?:\{[^{}]*\}|[A-Za-z0-9]))\s*(?=\\(?:i{1,3}|oi{1,2})nt(?![A-Za-z]))"), r"\1\\,"),
    (re.compile(r"\\not\s*="), r"\\neq "),
    (re.compile(r"\\not\s*\\in(?![A-Za-z])"), r"\\notin "),
    (re.compile(r"\\bmod(?![A-Za-z])"), r"\\;\\mathrm{mod}\\;"),
    (re.compile(r":="), r"\\coloneqq "),
    (re.compile(r"\\left\s*<"), r"\\left\\langle "),
    (re.compile(r"\\right\s*>"), r"\\right\\rangle "),
)
"""What comes out wrong as models write it, and the same in other words."""


class Obstacle(StrEnum):
    """Why a formula is shown as its source."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    UNBALANCED = "unbalanced"
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_LETTER = "unknown_letter"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as the typesetter takes it, and the number that stands beside it, such as `(71)`, or nothing."""

    latex: str
    tag: str = ""


def prepared(source: str, *, is_display: bool) -> Formula | Obstacle:
    """A formula's LaTeX, without dollar signs, in words that are drawn right; or why it cannot be.

    Never raises, and takes time in proportion to the length.
    """
    if len(source) > LONGEST_SOURCE:
        return Obstacle.TOO_LONG
    text, tag = _without_tag(source.translate(_PLAIN_SIGNS), is_display)
    for pattern, replacement in _SPELLINGS:
        text = pattern.sub(replacement, text)
    text = _MATRIX.sub(_fenced, _ENVIRONMENT.sub(_own_environment, text))
    tokens = _TOKEN.findall(text)
    if found := _Check(tokens).obstacle():
        return found
    tokens = _without_doubled_braces(tokens)
    if found := _too_deep(tokens):
        return found
    latex = _OPERATOR.sub(_own_operator, "".join(_with_choose(tokens)))
    return Obstacle.UNKNOWN_COMMAND if _NAMELESS_OPERATOR.search(latex) else Formula(latex.strip(), tag)


def _without_tag(text: str, is_display: bool) -> tuple[str, str]:
    """The formula and its one number; where there are several they stay, and are an obstacle."""
    tags = _TAG.findall(text)
    if len(tags) == 1:
        star, number = tags[0][0], tags[0][1].strip()
        return _TAG.sub(" ", text), number if star or number.startswith("(") else f"({number})"
    if is_display and not tags and (found := _TRAILING_NUMBER.search(text)):
        return text[: found.start()], f"({found[1]})"
    return text, ""


def _own_operator(match: re.Match[str]) -> str:
    star, _, name, limits = match.groups()
    words = [word for word in _SPACES_IN_NAME.split(name) if word]
    return f"\\operatorname{'*' if star or limits else ''}{{{_THIN_SPACE.join(words)}}}"


def _own_environment(match: re.Match[str]) -> str:
    kind, name = match.groups()
    own = _ENVIRONMENTS.get(name, name)
    return f"\\{kind}{{{own}}}" if own else " "


def _fenced(match: re.Match[str]) -> str:
    """A matrix as a plain one in fences: else it takes no exponent, and its fences are as high as the whole line."""
    if match[3] is None and len(match[2]) > _SMALL_MATRIX:
        return match[0]
    opening, closing = _FENCES[match[1]]
    return rf"\left{opening}\begin{{matrix}}{match[2]}\end{{matrix}}\right{closing}"


def _partners(tokens: list[str]) -> dict[int, int]:
    """For each opening brace of balanced tokens, where its closing one stands."""
    partners: dict[int, int] = {}
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        if token == "{":
            waiting.append(index)
        elif token == "}":
            partners[waiting.pop()] = index
    return partners


def _without_doubled_braces(tokens: list[str]) -> list[str]:
    """Of `{{x}}` one pair: braces cost as much as what they hold, and models double them freely."""
    partners = _partners(tokens)
    doubled: set[int] = set()
    for start, end in partners.items():
        if partners.get(start + 1) == end - 1:
            doubled |= {start + 1, end - 1}
    return [token for index, token in enumerate(tokens) if index not in doubled]


def _with_choose(tokens: list[str]) -> list[str]:
    """Binomials in older words, which the typesetter reads by their braces and not by a pattern."""
    partners = _partners(tokens)
    written = list(tokens)
    for index, token in enumerate(tokens):
        if token == "\\binom":
            middle = partners[index + 1]
            written[index] = "{"
            written[middle] += "\\choose "
            written[partners[middle + 1]] += "}"
    return written


def _binomials_are_whole(tokens: list[str]) -> bool:
    """Whether each has its two parts in braces."""
    partners = _partners(tokens) if "\\binom" in tokens else {}
    return all(partners.get(index + 1, -2) + 1 in partners for index, token in enumerate(tokens) if token == "\\binom")


def _too_deep(tokens: list[str]) -> Obstacle | None:
    depth = deepest = 0
    for index, token in enumerate(tokens):
        if token in ("\\left", "\\begin") or (token == "{" and tokens[index - 1] not in ("\\begin", "\\end")):
            depth += 1
            deepest = max(deepest, depth)
        elif token in ("\\right", "\\end") or (token == "}" and tokens[index - 2] not in ("\\begin", "\\end")):
            depth -= 1
    return Obstacle.TOO_DEEP if deepest > DEEPEST else None


class _Check:
    """Walks a formula's tokens once and finds the first thing that would not come out right."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._open: list[str] = []
        """What is to be closed: a brace, a fence, or an environment by its name."""
        self._text_depth: int | None = None
        """How much was open around the text that is open."""
        self._has_ink = False

    def obstacle(self) -> Obstacle | None:
        index = 0
        while index < len(self._tokens):
            token = self._tokens[index]
            if token in ("\\begin", "\\end"):
                found = self._environment(index)
                index += 4
            else:
                found = self._token(index)
                index += 1
            if found is not None:
                return found
        if self._open:
            return Obstacle.UNBALANCED
        if not self._has_ink:
            return Obstacle.EMPTY
        return None if _binomials_are_whole(self._tokens) else Obstacle.UNKNOWN_COMMAND

    def _token(self, index: int) -> Obstacle | None:
        token = self._tokens[index]
        if token == "{":
            self._open.append("}")
        elif token in ("}", "\\right"):
            return self._close(token)
        elif token == "&":
            return None if self._open and self._open[-1] in _ENVIRONMENTS else Obstacle.UNBALANCED
        elif token.startswith("\\"):
            return self._command(index)
        else:
            self._has_ink = self._has_ink or not token.isspace()
            is_plain = token not in ("%", "#", "$")
            return None if is_plain and _LETTERS.fullmatch(token) else Obstacle.UNKNOWN_LETTER
        return None

    def _close(self, token: str) -> Obstacle | None:
        if not self._open or self._open.pop() != token:
            return Obstacle.UNBALANCED
        if len(self._open) == self._text_depth:
            self._text_depth = None
        return None

    def _command(self, index: int) -> Obstacle | None:
        token = self._tokens[index]
        if self._text_depth is not None or (token not in COMMANDS and token not in _SIGNS):
            return Obstacle.UNKNOWN_COMMAND
        if token == "\\hspace" and not self._has_distance(index):
            return Obstacle.UNKNOWN_COMMAND
        if token in _TEXT_COMMANDS:
            if self._tokens[index + 1 : index + 2] != ["{"]:
                return Obstacle.UNKNOWN_COMMAND
            self._text_depth = len(self._open)
        elif token == "\\left":
            self._open.append("\\right")
        self._has_ink = self._has_ink or token[1:2].isalpha()
        return None

    def _has_distance(self, index: int) -> bool:
        opening, distance, closing = (*self._tokens[index + 1 : index + 4], "", "", "")[:3]
        return (opening, closing) == ("{", "}") and _DISTANCE.fullmatch(distance) is not None

    def _environment(self, index: int) -> Obstacle | None:
        opening, name, closing = (*self._tokens[index + 1 : index + 4], "", "", "")[:3]
        if (opening, closing) != ("{", "}") or name not in _ENVIRONMENTS or self._text_depth is not None:
            return Obstacle.UNKNOWN_COMMAND
        if self._tokens[index] == "\\end":
            return self._close(name)
        if name == "array" and not _COLUMNS.match("".join(self._tokens[index + 4 : index + 7])):
            return Obstacle.UNKNOWN_COMMAND
        self._open.append(name)
        return None
