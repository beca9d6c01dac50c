"""Forms of a query that the engine (Oxigraph 0.5.13) answers otherwise than SPARQL 1.1, or than most expect.

They are found in the tokens of a query, which is not parsed: a form that is found may still have been answered right.
`tests/kg/store/test_departures.py` shows each of them and fails when the engine mends it; the table with what to write
instead is in docs/sparql-cookbook.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kg.store.guard import Token, tokens_of

DEPARTURES: Mapping[str, Mapping[str, str]] = {
    "alternative-path": {
        "zh": (
            "含 | 的路径对每对节点只给出一次，而 SPARQL 1.1 对每条通向它的分支各给一次："
            "行数和计数可能偏少。用 UNION 可得全部。"
        ),
        "en": (
            "A path with | gives each pair of nodes once, where SPARQL 1.1 gives it once for every branch that "
            "leads there: rows and counts may be fewer. UNION gives them all."
        ),
    },
    "bnode-of-text": {
        "zh": "BNODE 带文本时在所有行中是同一个节点，而 SPARQL 1.1 在每一行各造一个。",
        "en": "BNODE of a text is one node in all rows, where SPARQL 1.1 makes another one in each row.",
    },
    "count-expression": {
        "zh": (
            "COUNT 的表达式只要在一行中出错，结果便未绑定，而 SPARQL 1.1 仍计其余各行。"
            "请先用 BIND 赋给变量，再对变量计数。"
        ),
        "en": (
            "COUNT of an expression is unbound if the expression fails in one row, where SPARQL 1.1 counts the "
            "others. BIND it to a variable and count that."
        ),
    },
    "group-concat": {
        "zh": 'GROUP_CONCAT 只连接文本：其中有数字、IRI 或未绑定的值时，整个结果未绑定。请写成 COALESCE(STR(…), "")。',
        "en": (
            "GROUP_CONCAT joins texts only: a number, an IRI or an unbound value among them leaves the whole "
            'unbound. Write COALESCE(STR(…), "") around the value.'
        ),
    },
    "having-alias": {
        "zh": "HAVING 不认识 SELECT 用 AS 起的名称，因此没有一行能通过。请在 HAVING 中直接写聚合函数。",
        "en": (
            "HAVING does not know the names that SELECT gives with AS, so no row passes. Write the aggregate "
            "itself there."
        ),
    },
    "replaced-group": {
        "zh": (
            "REPLACE 中的 $1 之后若紧跟字母、数字或下划线，会被读作另一个（空的）组名，"
            "而按 SPARQL 1.1 应读作第1组。此处请写 ${1}。"
        ),
        "en": (
            "REPLACE reads $1 with a letter, a digit or _ after it as the name of another group, which is "
            "empty, where SPARQL 1.1 reads group 1. Write ${1} here."
        ),
    },
    "zero-length-path": {
        "zh": "含 * 或 ? 的路径若一端的节点不在数据中，便什么也找不到，而 SPARQL 1.1 会找到该节点自身。",
        "en": (
            "A path with * or ? finds nothing from or to a node that is not in the data, where SPARQL 1.1 finds "
            "that node itself."
        ),
    },
}
"""Key of a form to what is said of it beside an answer, by language."""
_TEXT_FUNCTIONS = frozenset(
    {
        *("CONCAT", "ENCODE_FOR_URI", "LANG", "LCASE", "MD5", "REPLACE", "SHA1", "SHA256", "SHA384", "SHA512"),
        *("STR", "STRAFTER", "STRBEFORE", "SUBSTR", "UCASE"),
    }
)
"""Functions whose value is a text."""
_COUNTING = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "SUM"})
"""Aggregates whose value depends on how often a row comes."""
_NAMED_GROUP = re.compile(r"\$[0-9][A-Za-z0-9_]")
"""Group of a replacement with a character after it that the engine takes for a part of its name."""
_PATH_OPERATORS = frozenset("/|^!*+?")
_ENDS_HAVING = frozenset({"LIMIT", "OFFSET", "ORDER", "VALUES"})
_NOTHING = Token("", "", 0)


def departures(query: str) -> list[str]:
    """Return the keys of the forms that a query holds, in the order of the table.

    Args:
        query: text of a SPARQL query that the guard let pass.
    """
    tokens = [*tokens_of(query), _NOTHING]
    return sorted({*_calls(tokens), *_paths(tokens), *_having(tokens)})


def _calls(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the forms that are calls of functions."""
    for index, (token, after) in enumerate(pairwise(tokens)):
        if token.kind != "word" or after.text != "(":
            continue
        name, arguments = token.text.upper(), _arguments(tokens, index + 1)
        if name == "BNODE" and arguments:
            yield "bnode-of-text"
        elif name == "COUNT" and len(arguments) > 1:
            yield "count-expression"
        elif name == "GROUP_CONCAT" and arguments and not _is_text(arguments):
            yield "group-concat"
        elif name == "REPLACE" and any(_NAMED_GROUP.search(each.text) for each in arguments if each.kind == "string"):
            yield "replaced-group"


def _arguments(tokens: Sequence[Token], opening: int) -> Sequence[Token]:
    """Return the tokens between the bracket at `opening` and the one that closes it, without DISTINCT."""
    found = tokens[opening + 1 : _closing(tokens, opening)]
    return found[1:] if found and found[0].text.upper() == "DISTINCT" else found


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].kind == "open") - (tokens[index].kind == "close")
        if not depth:
            return index
    return len(tokens)


def _is_text(arguments: Sequence[Token]) -> bool:
    names = [token.text.upper() for token in arguments if token.text != "("]
    first = names[1] if names[0] == "COALESCE" and len(names) > 1 else names[0]
    return first in _TEXT_FUNCTIONS or arguments[0].kind == "string"


def _paths(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the forms that are property paths."""
    brackets: list[bool] = []
    counting = _counts_rows(tokens)
    for index, (before, token) in enumerate(pairwise([_NOTHING, *tokens])):
        if token.kind == "open":
            following = tokens[min(_closing(tokens, index) + 1, len(tokens) - 1)]
            brackets.append(token.text == "(" and (before.text == "!" or following.text in {"*", "+", "?"}))
        elif token.kind == "close" and brackets:
            brackets.pop()
        elif token.text == "|" and counting and not any(brackets):
            yield "alternative-path"
        elif token.kind == "operator" and token.text in {"*", "?"} and _ends_step(tokens, index - 1):
            yield "zero-length-path"


def _counts_rows(tokens: Sequence[Token]) -> bool:
    """Return whether it matters how often a row comes: in a SELECT without DISTINCT, or for an aggregate without."""
    following = [(token.text.upper(), after.text.upper()) for token, after in pairwise(tokens) if token.kind == "word"]
    form = next((each for each in following if each[0] in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}), ("", ""))
    if form[0] == "SELECT" and form[1] not in {"DISTINCT", "REDUCED"}:
        return True
    return any(
        token.text.upper() in _COUNTING and bracket.text == "(" and argument.text.upper() != "DISTINCT"
        for token, bracket, argument in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _ends_step(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a token ends a step of a path, so that a `*` after it repeats and does not multiply."""
    token = tokens[index]
    if token.text != ")":
        return token.kind in {"iri", "prefixed"} or token.text == "a"
    opening, depth = index, 1
    while depth and opening:
        opening -= 1
        depth += (tokens[opening].kind == "close") - (tokens[opening].kind == "open")
    inside = [each for each in tokens[opening:index] if each.kind not in {"open", "close"}]
    return bool(inside) and all(
        each.kind in {"iri", "prefixed"} or each.text in _PATH_OPERATORS or each.text == "a" for each in inside
    )


def _having(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the form of a HAVING that uses a name of its own SELECT."""
    levels: list[tuple[str, set[str]]] = [("", set())]
    """Clause and names of the SELECT clause, for each group that is open."""
    for before, token in pairwise([_NOTHING, *tokens]):
        word, (clause, names) = token.text.upper(), levels[-1]
        if token.text == "{":
            levels.append(("", set()))
        elif token.text == "}" and len(levels) > 1:
            levels.pop()
        elif token.kind == "word" and word in {"SELECT", "GROUP", "HAVING", *_ENDS_HAVING}:
            levels[-1] = (word, set() if word == "SELECT" else names)
        elif token.kind == "variable" and before.text.upper() == "AS":
            (names.add if clause == "SELECT" else names.discard)(token.text[1:])
        elif token.kind == "variable" and clause == "HAVING" and token.text[1:] in names:
            yield "having-alias"
