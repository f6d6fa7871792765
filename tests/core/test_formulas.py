from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_desktop.core.formulas import COMMANDS, DEEPEST, LONGEST_SOURCE, Formula, Obstacle, prepared

PIECES = st.sampled_from(
    [
        *("{", "}", "\\left(", "\\right)", "\\begin{array}{cc}", "\\end{array}", "\\begin{cases}", "\\end{cases}"),
        *(
            "&",
            "\\\\",
            "\\tag{1}",
            "\\text{",
            "\\binom{a}",
            "\\mathop{",
            "\\quad (22)",
            "\\not",
            "=",
            "中",
            "\ud83d",
            "x",
        ),
        *("\\", "\\hline", "^", "_", "$", "%", " ", "\n", "\\frac", "\\begin", "\\end", "{array}"),
    ]
)


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        ("x^2", "x^2"),
        (r"\mathop{\mathrm{min}}\limits_{x} f", r"\operatorname*{min}_{x} f"),
        (r"\mathop{\rm arg max}_x f", "\\operatorname*{arg\u2009max}_x f"),
        (r"\mathop{\mathrm{arg\,min}}_x", "\\operatorname*{arg\u2009min}_x"),
        (r"\operatorname*{arg\,max}_{\theta}", "\\operatorname*{arg\u2009max}_{\\theta}"),
        (r"\operatorname { \arg\max }_x", "\\operatorname{arg\u2009max}_x"),
        (r"\operatorname{argmax}\limits_x", r"\operatorname*{argmax}_x"),
        (r"\operatorname{top-k}(x)", r"\text{top-k}(x)"),
        (r"\begin{pmatrix}a\\b\end{pmatrix}^{-1}", r"\left(\begin{matrix}a\\b\end{matrix}\right)^{-1}"),
        (r"\begin{Vmatrix}a\end{Vmatrix}", r"\left\|\begin{matrix}a\end{matrix}\right\|"),
        (r"\iiint_V \oint_{C} f", r"\iiint_V\,\oint_{C} f"),
        (r"a \not= b", r"a \neq  b"),
        (r"a \bmod b", r"a \;\mathrm{mod}\; b"),
        (r"\begin{align}a&=b\label{eq:1}\\c&=d\nonumber\end{align}", r"\begin{align*}a&=b \\c&=d \end{align*}"),
        (r"\begin{equation}a=b\end{equation}", "a=b"),
        (r"\frac{{a}}{{{b}}}", r"\frac{a}{b}"),
        (r"\binom{n_{1}}{k_{2}}", r"{{n_{1}}\choose {k_{2}}}"),
        ("x，y", "x,y"),
        (r"\begin{matrix}a\\[2pt]b\end{matrix}", r"\begin{matrix}a\\ b\end{matrix}"),
        (r"\begin{matrix}a\\ [ -0.5 em ] b\end{matrix}", r"\begin{matrix}a\\  b\end{matrix}"),
        (r"\begin{matrix}a\\[b]\end{matrix}", r"\begin{matrix}a\\[b]\end{matrix}"),
        (r"a\hspace{1.5em}b", r"a\hspace{1.5em}b"),
        ("a\n+ b", "a + b"),
    ],
)
def test_what_is_drawn_wrong_is_written_in_other_words(source: str, latex: str) -> None:
    assert prepared(source, is_display=True) == Formula(latex)


@pytest.mark.parametrize(
    ("source", "obstacle"),
    [
        ("", Obstacle.EMPTY),
        (r"\label{x}", Obstacle.EMPTY),
        (r"\text{中文} + x", Obstacle.UNKNOWN_LETTER),
        ("中", Obstacle.UNKNOWN_LETTER),
        (r"50 % of \$", Obstacle.UNKNOWN_LETTER),
        (r"\begin{array}{c|c}a&b\end{array}", Obstacle.UNKNOWN_COMMAND),
        (r"\begin{array}{c}a\\ \hline b\end{array}", Obstacle.UNKNOWN_COMMAND),
        (r"\ce{H2O}", Obstacle.UNKNOWN_COMMAND),
        (r"\textcircled{1}", Obstacle.UNKNOWN_COMMAND),
        (r"\not\subset x", Obstacle.UNKNOWN_COMMAND),
        (r"\mathop{a+b}_x", Obstacle.UNKNOWN_COMMAND),
        (r"\operatorname*{a_b} x", Obstacle.UNKNOWN_COMMAND),
        (r"\operatorname{中}", Obstacle.UNKNOWN_LETTER),
        (r"\operatorname x", Obstacle.UNKNOWN_COMMAND),
        (r"\text{a \alpha}", Obstacle.UNKNOWN_COMMAND),
        (r"\begin{foo}x\end{foo}", Obstacle.UNKNOWN_COMMAND),
        (r"\hspace{x}y", Obstacle.UNKNOWN_COMMAND),
        (r"\hspace y", Obstacle.UNKNOWN_COMMAND),
        (r"\binom n k", Obstacle.UNKNOWN_COMMAND),
        (r"x \tag{1} y \tag{2}", Obstacle.UNKNOWN_COMMAND),
        ("a & b", Obstacle.UNBALANCED),
        (r"\frac{a", Obstacle.UNBALANCED),
        (r"\left( x", Obstacle.UNBALANCED),
        (r"\begin{cases} x", Obstacle.UNBALANCED),
        (r"x}", Obstacle.UNBALANCED),
        ("\\", Obstacle.UNKNOWN_COMMAND),
        (r"\sqrt{" * (DEEPEST + 1) + "x" + "}" * (DEEPEST + 1), Obstacle.TOO_DEEP),
        ("x" * (LONGEST_SOURCE + 1), Obstacle.TOO_LONG),
    ],
)
def test_what_cannot_be_drawn_right_says_why(source: str, obstacle: Obstacle) -> None:
    assert prepared(source, is_display=True) is obstacle


def test_braces_that_say_nothing_do_not_count() -> None:
    assert prepared("{" * 40 + "x" + "}" * 40, is_display=False) == Formula("{x}")


@pytest.mark.parametrize(
    ("source", "is_display", "formula"),
    [
        (r"x = 1 \tag{71}", True, Formula("x = 1", "(71)")),
        (r"x = 1 \tag*{A}", True, Formula("x = 1", "A")),
        (r"x \tag{(3)}", True, Formula("x", "(3)")),
        (r"x = 1 \quad (22)", True, Formula("x = 1", "(22)")),
        (r"x = 1 \qquad \text{(2.1)}.", True, Formula("x = 1", "(2.1)")),
        (r"x = 1 \quad (22)", False, Formula(r"x = 1 \quad (22)")),
        (r"f \quad (a+b)", True, Formula(r"f \quad (a+b)")),
    ],
)
def test_the_number_stands_beside_the_formula(source: str, is_display: bool, formula: Formula) -> None:
    assert prepared(source, is_display=is_display) == formula


@given(st.lists(PIECES | st.sampled_from(sorted(COMMANDS)) | st.text(max_size=4), max_size=30).map("".join))
def test_any_source_gives_a_formula_that_is_balanced_or_a_reason(source: str) -> None:
    for is_display in (True, False):
        formula = prepared(source, is_display=is_display)
        if isinstance(formula, Formula):
            braces = formula.latex.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
            assert braces.count("{") == braces.count("}")
            assert formula.latex.count("\\begin") == formula.latex.count("\\end")
            assert formula.latex.strip()


@given(st.lists(PIECES, max_size=12).map("".join))
def test_preparing_twice_changes_nothing(source: str) -> None:
    formula = prepared(source, is_display=False)
    if isinstance(formula, Formula):
        again = prepared(formula.latex, is_display=False)
        assert isinstance(again, Formula)
        assert again.latex.split() == formula.latex.split()
