"""Random programs: the tree of `kmodel check --emit ast` against Python's own, node by node.

usage: parse_diff.py KMODEL [COUNT [SEED]]     prints the programs that differ; exit 1 if any does
"""

import ast
import random
import re
import subprocess
import sys

NAMES = ["x", "y", "Dense", "model", "n_1"]
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
             ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
             ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
             ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.And: "and", ast.Or: "or", ast.USub: "-",
             ast.UAdd: "+", ast.Not: "not", ast.Invert: "~"}
BINARY = ["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>"]
COMPARE = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]


class Writer:
    """Programs as text, with the odd blank, comment, line break and needless parenthesis."""

    def __init__(self, rng):
        self.rng, self.brackets = rng, 0

    def pick(self, *texts):
        return self.rng.choice(texts)

    def gap(self):
        if self.brackets and self.rng.random() < 0.1:
            return self.pick("\n", "  # why, (though\n   ", " \\\n ", "\n\n\t")
        return self.pick("", " ", " ")

    def items(self, make, low=0):
        self.brackets += 1
        made = [self.gap() + make() + self.gap() for _ in range(self.rng.randrange(low, 4))]
        self.brackets -= 1
        return ",".join(made) + ("," if made and self.rng.random() < 0.2 else "")

    def atom(self):
        return self.pick(self.rng.choice(NAMES), self.rng.choice(NAMES), "1", "0x1F", "1_000", "2.5e3", ".5", "True",
                         "None", "...", "'a'", '"b\\n"', "r'\\d'", "'''c\nd'''", "'a' \"b\"", "()", "[]", "{}",
                         "f'{x!r:>4}{{'", "f\"{y + 1}a\"")

    def expr(self, depth=4):
        if depth == 0 or self.rng.random() < 0.15:
            return self.atom()
        e = lambda: self.expr(depth - 1)  # noqa: E731
        p = lambda: self.primary(depth - 1)  # noqa: E731
        kind = self.rng.randrange(12)
        if kind <= 2:
            return f"{e()} {self.rng.choice(BINARY)}{self.pick('', ' ')}{e()}"
        if kind == 3:
            return f"{e()} {self.rng.choice(COMPARE)} {e()}"
        if kind == 4:
            return f"{e()} {self.pick('and', 'or')} {e()}"
        if kind == 5:
            return self.pick("-@@", "+@@", "~@@", "not @@", "(not @@)").replace("@@", e())
        if kind == 6:
            return self.pick("@@", "(@@)").replace("@@", f"{e()} if {e()} else {e()}")
        if kind == 7:
            return self.pick("@@", "(@@)", "(@@)").replace("@@", f"lambda {self.pick('', 'a', 'a, b=1', 'a, b,')}: {e()}")
        return p()

    def primary(self, depth):
        if depth == 0:
            return self.atom()
        e = lambda: self.expr(depth - 1)  # noqa: E731
        p = self.rng.choice(NAMES) if self.rng.random() < 0.5 else self.primary(depth - 1)
        p = f"({p})" if re.match(r"[\d.]", p) else p
        kind = self.rng.randrange(9)
        if kind == 0:
            return f"({e()})"
        if kind == 1:
            return f"{p}.{self.rng.choice(NAMES)}"
        if kind == 2:
            arguments = [self.items(e).rstrip(","), f"a={e()}, bc={e()}", f"*{p}", f"**{p}"]
            return f"{p}({', '.join(a for a in self.rng.sample(arguments, 1))})"
        if kind == 3:
            return f"{p}[{self.pick(e(), f'{e()}:', f':{e()}', '::', f'{e()}:{e()}:{e()}', f'{e()}, :', f'{e()},')}]"
        if kind == 4:
            return f"[{self.items(e)}]"
        if kind == 5:
            return f"({self.items(e, 2)})"
        if kind == 6:
            clause = f"{e()} for {self.pick('x', 'x, y', '(x, y), n_1')} in x{self.pick('', ' if y', ' for z in y if z if x')}"
            return self.pick(f"[{clause}]", f"sum({clause})", f"({clause})")
        if kind == 7:
            return "{" + self.items(lambda: f"{e()}: {e()}", 1) + "}"
        return "{x: y for x, y in " + self.rng.choice(NAMES) + " if x if y}"

    def block(self, depth):
        lines = [self.statement(depth - 1) for _ in range(self.rng.randrange(1, 4))]
        width = self.pick("  ", "    ", "\t")
        text = "\n".join(lines)
        if "'''" in text or '"""' in text or "\\\n" in text:
            text = "pass"
        return "\n" + "\n".join(width + line if line.strip() else line for line in text.split("\n"))

    def statement(self, depth=2):
        e = self.expr
        kind = self.rng.randrange(14 if depth else 9)
        if kind == 0:
            return e()
        if kind <= 2:
            return f"{self.pick('x', 'x, y', '[x, y]', 'x.y', 'x[1]', 'x = y', '*x, y')} = {e()}{self.pick('', ', 1', ',')}"
        if kind == 3:
            return f"x {self.pick('+', '-', '*', '//', '**', '@', '>>')}= {e()}"
        if kind == 4:
            return f"assert {e()}{self.pick('', ', y')}"
        if kind == 5:
            return self.pick("import x", "import x.y as n_1, z", "from x.y import z as w, v", "from x import (y,\n z,)")
        if kind == 6:
            return self.pick("pass", "del x, y[0]", "x = 1; y = 2;", "# only a comment\npass", "pass\n\n")
        if kind <= 8:
            return f"x = {e()}  # {self.pick('(', '[', 'text')}"
        if kind == 9:
            return f"for {self.pick('x', 'x, y', '(x, y), z')} in {e()}:" + self.block(depth)
        if kind == 10:
            return f"for x in {e()}:{self.block(depth)}\nelse:{self.block(depth)}"
        if kind == 11:
            return f"if {e()}:{self.block(depth)}\nelif {e()}:{self.block(depth)}\nelse: pass"
        if kind == 12:
            return f"if {e()}: x = 1"
        return f"def f({self.pick('', 'a', 'a, b=1', 'a: x, b: y = 2,')}){self.pick('', ' -> x')}:{self.block(depth)}"


class Dump:
    """Python's tree in the form of ast_dump.c, without places."""

    def __init__(self):
        self.lines, self.depth = [], 0

    def put(self, text):
        self.lines.append("  " * self.depth + text)

    def under(self, title, *nodes):
        self.put(title)
        self.depth += 1
        for node in nodes:
            self.node(node)
        self.depth -= 1

    def titled(self, title, node):
        if node is not None:
            self.under(title + ":", node)

    def quoted(self, text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"

    def constant(self, value):
        if isinstance(value, bool):
            self.put(f"bool {value}")
        elif value is None:
            self.put("none")
        elif value is ...:
            self.put("ellipsis")
        elif isinstance(value, int):
            self.put(f"int {value}")
        elif isinstance(value, float):
            self.put("float %.17g" % value)
        else:
            self.put("str " + self.quoted(value))

    def parameters(self, args):
        plain = len(args.args) - len(args.defaults)
        for i, arg in enumerate(args.args):
            self.put(f"parameter {arg.arg}")
            self.titled("default", args.defaults[i - plain] if i >= plain else None)

    def clauses(self, generators):
        for g in generators:
            self.titled("for", g.target)
            self.titled("in", g.iter)
            for condition in g.ifs:
                self.titled("if", condition)

    def body(self, title, statements):
        if statements:
            self.under(title + ":", *statements)

    def comprehension(self, title, key, element, generators):
        self.put(title)
        self.depth += 1
        self.titled("key", key)
        self.node(element)
        self.clauses(generators)
        self.depth -= 1

    def call(self, n):
        self.under("call", n.func)
        self.depth += 1
        for arg in n.args:
            self.titled("*", arg.value) if isinstance(arg, ast.Starred) else self.node(arg)
        for keyword in n.keywords:
            self.titled(keyword.arg or "**", keyword.value)
        self.depth -= 1

    def fstring(self, n):
        self.put("fstring")
        self.depth += 1
        for part in n.values:
            if isinstance(part, ast.Constant):
                self.put("text " + self.quoted(part.value))
                continue
            conversion = f" !{chr(part.conversion)}" if part.conversion != -1 else ""
            spec = f" :{part.format_spec.values[0].value}" if part.format_spec else ""
            self.under(f"field{conversion}{spec}", part.value)
        self.depth -= 1

    def node(self, n):
        method = getattr(self, "put_" + type(n).__name__, None)
        method(n) if method else self.put(f"no rule for {type(n).__name__}")

    put_Constant = lambda self, n: self.constant(n.value)  # noqa: E731
    put_Name = lambda self, n: self.put(f"name {n.id}")  # noqa: E731
    put_Tuple = lambda self, n: self.under("tuple", *n.elts)  # noqa: E731
    put_List = lambda self, n: self.under("list", *n.elts)  # noqa: E731
    put_Set = lambda self, n: self.under("set", *n.elts)  # noqa: E731
    put_Starred = lambda self, n: self.under("starred", n.value)  # noqa: E731
    put_UnaryOp = lambda self, n: self.under(f"unary {OPERATORS[type(n.op)]}", n.operand)  # noqa: E731
    put_BinOp = lambda self, n: self.under(f"binary {OPERATORS[type(n.op)]}", n.left, n.right)  # noqa: E731
    put_Attribute = lambda self, n: self.under(f"attribute {n.attr}", n.value)  # noqa: E731
    put_Subscript = lambda self, n: self.under("subscript", n.value, n.slice)  # noqa: E731
    put_Call = call
    put_JoinedStr = fstring
    put_Expr = lambda self, n: self.under("expression", n.value)  # noqa: E731
    put_Assign = lambda self, n: self.under("assign", *n.targets, n.value)  # noqa: E731
    put_AugAssign = lambda self, n: self.under(f"augmented assign {OPERATORS[type(n.op)]}=", n.target, n.value)  # noqa: E731
    put_Pass = lambda self, n: self.put("pass")  # noqa: E731
    put_Delete = lambda self, n: self.under("delete", *n.targets)  # noqa: E731
    put_ListComp = lambda self, n: self.comprehension("list comprehension", None, n.elt, n.generators)  # noqa: E731
    put_GeneratorExp = lambda self, n: self.comprehension("generator", None, n.elt, n.generators)  # noqa: E731
    put_DictComp = lambda self, n: self.comprehension("dict comprehension", n.key, n.value, n.generators)  # noqa: E731

    def put_BoolOp(self, n):
        """Python has a node for all of `a and b and c`, kmodel one for each `and`."""
        left = n.values[0] if len(n.values) == 2 else ast.BoolOp(n.op, n.values[:-1])
        self.under(f"boolean {OPERATORS[type(n.op)]}", left, n.values[-1])

    def put_Compare(self, n):
        self.under("compare " + " ".join(OPERATORS[type(o)] for o in n.ops), n.left, *n.comparators)

    def put_Dict(self, n):
        self.put("dict")
        self.depth += 1
        for key, value in zip(n.keys, n.values):
            self.titled("key", key)
            self.titled("value", value)
        self.depth -= 1

    def put_IfExp(self, n):
        self.put("conditional")
        self.depth += 1
        self.titled("if", n.test)
        self.titled("then", n.body)
        self.titled("else", n.orelse)
        self.depth -= 1

    def put_Slice(self, n):
        self.put("slice")
        self.depth += 1
        self.titled("lower", n.lower)
        self.titled("upper", n.upper)
        self.titled("step", n.step)
        self.depth -= 1

    def put_Lambda(self, n):
        self.put("lambda")
        self.depth += 1
        self.parameters(n.args)
        self.node(n.body)
        self.depth -= 1

    def put_Assert(self, n):
        self.under("assert", n.test)
        self.depth += 1
        self.titled("message", n.msg)
        self.depth -= 1

    def names(self, title, aliases):
        self.put(title)
        self.depth += 1
        for alias in aliases:
            self.put(alias.name + (f" as {alias.asname}" if alias.asname else ""))
        self.depth -= 1

    put_Import = lambda self, n: self.names("import", n.names)  # noqa: E731
    put_ImportFrom = lambda self, n: self.names(f"from import {n.module}", n.names)  # noqa: E731

    def put_For(self, n):
        self.under("for", n.target)
        self.depth += 1
        self.titled("in", n.iter)
        self.body("body", n.body)
        self.body("else", n.orelse)
        self.depth -= 1

    def put_If(self, n):
        self.under("if", n.test)
        self.depth += 1
        self.body("then", n.body)
        self.body("else", n.orelse)
        self.depth -= 1

    def put_FunctionDef(self, n):
        self.put(f"def {n.name}")
        self.depth += 1
        self.parameters(n.args)
        self.body("body", n.body)
        self.depth -= 1


def expected_tree(source):
    dump = Dump()
    for statement in ast.parse(source).body:
        dump.node(statement)
    return dump.lines


def joined(lines):
    """Neighbouring pieces of f-string text count as one: Python joins them."""
    out = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        if line.lstrip().startswith("text '") and out and out[-1].startswith(indent + "text '"):
            out[-1] = out[-1][:-1] + line.lstrip()[len("text '"):]
        else:
            out.append(line)
    return out


def main():
    kmodel, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    differ = refused = 0
    for i in range(count):
        writer = Writer(random.Random(f"{seed}:{i}"))
        source = "\n".join(writer.statement() for _ in range(4)) + "\n"
        try:
            expected = expected_tree(source)
        except SyntaxError as error:
            expected, refused = [f"SyntaxError: {error}"], refused + 1
        ran = subprocess.run([kmodel, "check", "--emit", "ast", "-"], input=source, capture_output=True, text=True)
        got = joined(re.sub(r"  \[\d+:\d+-\d+:\d+\]$", "", line) for line in ran.stdout.splitlines())
        if got == expected or (expected[0].startswith("SyntaxError") and ran.returncode == 1):
            continue
        differ += 1
        print(f"--- {seed}:{i}\n{source}")
        for line in [f"Python: {e}\nkmodel: {g}" for e, g in zip(expected, got + [""] * 999) if e != g][:1]:
            print(line)
        print(ran.stderr)
    print(f"parse: {count} programs, {refused} of them refused by Python, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
