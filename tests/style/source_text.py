"""Reads C++ as far as the style rules need it: code without comments and literals, includes, and
the length of functions. Lines keep their numbers."""

import re

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<raw> \bR"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)" )
    | (?P<number> \b\d[\w']* )
    | (?P<string> "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """Comments become spaces; literals stay."""
    return _TOKEN.sub(lambda m: _blank(m[0]) if m["comment"] else m[0], text)


def code_only(text):
    """Comments, literals and preprocessor lines become spaces."""

    def replace(match):
        if match["comment"]:
            return _blank(match[0])
        if match["number"]:
            return match[0].replace("'", "_")
        return '"' + _blank(match[0])[1:-1] + '"'

    return _DIRECTIVE.sub(lambda m: _blank(m[0]), _TOKEN.sub(replace, text))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(text):
    """(line, path, in quotes) of every #include."""
    plain = without_comments(text)
    return [(line_of(plain, m.start()), m[2], m[1] == '"') for m in _INCLUDE.finditer(plain)]


def _without_template_head(head):
    head = head.strip()
    while head.startswith("template"):
        depth, end = 0, len(head)
        for i, c in enumerate(head):
            depth += (c == "<") - (c == ">")
            if c == ">" and depth == 0:
                end = i + 1
                break
        head = head[end:].strip()
    return head


def _without_arguments(head):
    """Every (...) becomes (); None when one is still open at the end."""
    out, depth = [], 0
    for c in head:
        depth -= c == ")"
        if depth == 0:
            out.append(c)
        depth += c == "("
    return "".join(out) if depth == 0 else None


def _kind_of_brace(head, inside_function):
    """What a '{' opens, told by the code between it and the statement before."""
    if inside_function:
        return "block"
    head = _without_arguments(_without_template_head(head))
    if head is None:
        return "value"  # A default argument.
    head = head.strip()
    if re.match(r"(inline\s+)?namespace\b|extern\s*\"", head):
        return "scope"
    if re.match(r"((typedef|static|const)\s+)*(class|struct|union|enum)\b[^()]*$", head):
        return "scope"
    if re.search(r"=\s*\[[^\[\]]*\]\s*(\(\))?\s*(mutable|noexcept|constexpr|->.*)?\s*$", head):
        return "function"  # A lambda that initialises a constant.
    if "=" in head and "operator" not in head:
        return "value"
    if re.search(r"\)\s*(noexcept\s*)?:[^:].*[\w>]$", head, re.DOTALL):
        return "value"  # member_{...} in the list of a constructor.
    return "function" if ")" in head else "value"


def functions(text):
    """(first line, last line, head) of every function body that is not inside another one."""
    code = code_only(text)
    found, stack, head_start, line = [], [], 0, 1
    for offset, c in enumerate(code):
        if c == "\n":
            line += 1
        elif c == "{":
            head = code[head_start:offset]
            kind = _kind_of_brace(head, any(k in ("function", "block") for k, _, _ in stack))
            stack.append((kind, line, " ".join(head.split())))
            if kind != "value":
                head_start = offset + 1
        elif c == "}" and stack:
            kind, first, head = stack.pop()
            if kind == "function":
                found.append((first, line, head))
            if kind != "value":
                head_start = offset + 1
        elif c == ";" and not (stack and stack[-1][0] == "value"):
            head_start = offset + 1
        elif c == ":" and re.search(r"\b(public|private|protected)\s*$", code[head_start:offset]):
            head_start = offset + 1
    return found
