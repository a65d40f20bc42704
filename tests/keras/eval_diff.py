#!/usr/bin/env python3
"""Holds kmodel's evaluator against Python itself: random expressions and small programs.

    eval_diff.py [--kmodel build/kmodel] [--count 3000] [--seed 1]

An expression that Python evaluates must print the same; one that Python rejects, or that needs
integers of more than 64 bits, must be an error at its line. Needs no Keras."""
import argparse
import ast
import contextlib
import io
import json
import math
import random
import subprocess
import sys
import tempfile
import warnings

MODEL = "model = Sequential([Input((1,)), Dense(1)])\n"
LIMIT = 2 ** 63


class Generator:
    """Random source text, typed so that most of it means something."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def pick(self, *options):
        return self.r.choice(options)

    def int_literal(self):
        return str(self.r.choice([0, 1, 2, 3, 5, 7, 10, 64, 100, 255, 1000, 2 ** 31, 2 ** 53 + 1,
                                  self.r.randrange(100), self.r.randrange(10 ** 12)]))

    def float_literal(self):
        return self.pick("0.5", "1.5", "2.0", "3.14159", "1e-5", "1e16", "0.1", "123456.789",
                         "1e300", "7.0", "0.0", "1e22", "2.5", "-0.0",
                         repr(self.r.uniform(-100, 100)), repr(self.r.random() * 1e-9))

    def text(self):
        return self.pick("'relu'", "'conv'", "''", "'a b c'", "\"it's\"", "'x' 'y'",
                         "'tab\\tnew\\n'", "'Dense_1'", "'  pad '", "'42'", "'3.5'", "'a,b,c'")

    def int(self, d):
        if d <= 0:
            return self.int_literal()
        a, b = self.int(d - 1), self.int(d - 1)
        return self.pick(
            self.int_literal(), f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} // {b})",
            f"({a} % {b})", f"{self.int_literal()} ** {self.pick('0', '1', '2', '3', '10', '62')}",
            f"-{self.atom_int(d)}", f"(-{a}) // {b}", f"(-{a}) % {b}", f"{a} // (-{b})",
            f"({a} & {b})", f"({a} | {b})", f"({a} ^ {b})", f"({a} >> {self.pick('1', '3', '70')})",
            f"({a} << {self.pick('0', '1', '5')})", f"~{self.atom_int(d)}", f"abs(-{a})",
            f"min({a}, {b})", f"max({a}, {b})", f"len({self.seq(d - 1)})", f"sum({self.ints(d - 1)})",
            f"int({self.float(d - 1)})", f"round({self.float(d - 1)})", f"int('{self.int_literal()}')",
            f"({a} if {self.bool(d - 1)} else {b})", f"({self.ints(d - 1)})[{self.pick('0', '-1', '1')}]",
            f"pow({a}, {self.pick('2', '3')})", f"pow({a}, {self.pick('2', '5')}, {b})",
            f"round({a}, {self.pick('-1', '-2', '0', '2')})", f"divmod({a}, {b})[{self.pick('0', '1')}]",
            f"math.isqrt({a})", f"math.gcd({a}, {b})", f"math.floor({self.float(d - 1)})",
            f"math.ceil({self.float(d - 1)})", f"(lambda x, y=2: x * y)({a})",
            f"({self.bool(d - 1)} + {a})", f"({a} and {b})", f"({a} or {b})",
            f"{self.text()}.count('a')", f"{self.text()}.find('o')")

    def atom_int(self, d):
        return f"({self.int(d - 1)})"

    def float(self, d):
        if d <= 0:
            return self.float_literal()
        a, b = self.number(d - 1), self.number(d - 1)
        return self.pick(
            self.float_literal(), f"({a} / {b})", f"({a} * {self.float_literal()})",
            f"({a} + {self.float_literal()})", f"({self.float(d - 1)} // {b})",
            f"({self.float(d - 1)} % {b})", f"({self.float(d - 1)} - {b})",
            f"{self.float_literal()} ** {self.pick('2', '0.5', '-1', '3')}",
            f"{self.pick('2', '10', '3')} ** -{self.pick('1', '2', '5')}", f"float({a})",
            f"round({self.float(d - 1)}, {self.pick('0', '1', '2', '3', '5')})", f"abs({self.float(d - 1)})",
            f"math.sqrt({a})", f"-{self.float(d - 1)}", f"max({a}, {self.float_literal()})",
            f"float('{self.pick('1.5', '1e3', '-2', ' 7 ', '1_0.5')}')", f"math.log2({a})")

    def number(self, d):
        return self.int(d) if self.r.random() < 0.6 else self.float(d)

    def bool(self, d):
        if d <= 0:
            return self.pick("True", "False")
        a, b = self.number(d - 1), self.number(d - 1)
        op = self.pick("==", "!=", "<", "<=", ">", ">=")
        return self.pick(
            "True", "False", f"({a} {op} {b})", f"({a} {op} {b} {op} {self.number(d - 1)})",
            f"(not {self.bool(d - 1)})", f"({self.bool(d - 1)} and {self.bool(d - 1)})",
            f"({self.bool(d - 1)} or {self.bool(d - 1)})", f"({self.int(d - 1)} in {self.ints(d - 1)})",
            f"({self.ints(d - 1)} == {self.ints(d - 1)})", f"({self.ints(d - 1)} < {self.ints(d - 1)})",
            f"({self.str(d - 1)} < {self.str(d - 1)})", f"({self.str(d - 1)} in {self.str(d - 1)})",
            f"(None is None)", f"any({self.ints(d - 1)})", f"all({self.ints(d - 1)})",
            f"isinstance({a}, int)", f"isinstance({a}, (float, str))", f"bool({self.seq(d - 1)})",
            f"{self.str(d - 1)}.startswith('c')", f"(1, 2) == [1, 2]", f"{self.str(d - 1)}.isdigit()")

    def ints(self, d):
        items = ", ".join(self.int(d - 1) for _ in range(self.r.randrange(1, 4)))
        return self.pick(
            f"[{items}]", f"({items},)", f"list(range({self.pick('0', '1', '5', '2, 9', '9, 1, -2')}))",
            f"[x * {self.int_literal()} for x in range({self.r.randrange(6)})]",
            f"[x for x in [{items}] if x % 2]", f"sorted([{items}])", f"sorted([{items}], reverse=True)",
            f"[{items}] + [1, 2]", f"[{items}] * {self.pick('0', '1', '2', '-1')}",
            f"[{items}][{self.slice()}]", f"tuple(reversed([{items}]))", f"list(map(abs, [{items}]))",
            f"[a + b for a, b in zip([{items}], [1, 2, 3])]", f"[*({items},), 4]",
            f"[i + v for i, v in enumerate([{items}], {self.pick('0', '1', '5')})]",
            f"[i * j for i in range(3) for j in range(i)]",
            f"list(filter(lambda v: v > 3, [{items}]))",
            f"[v for _, v in sorted({{'b': 1, 'a': 2}}.items())]")

    def slice(self):
        def part():
            return self.pick("", "0", "1", "-1", "2", "-2", "5", "-7")
        step = self.pick("", ":2", ":-1", ":-2", ":3", ":")
        return f"{part()}:{part()}{step}"

    def seq(self, d):
        return self.ints(d) if self.r.random() < 0.6 else self.str(d)

    def spec(self):
        return self.pick("", "d", "5d", "05d", ",", "+d", "x", "#x", "b", ">8", "<8", "^9", "*^9",
                         "_", "08,", "#b", "o", "X", "010_x", "-5", " d", "=+6")

    def float_spec(self):
        return self.pick("", ".2f", "8.3f", "08.2f", ",.2f", ".3e", ".3g", "g", "%", ".1%", "+.2f",
                         ".3", "10", "<10.2f", "e", "G", ".0f", "^12.3f", ".10g", ".1", "_.3f", "#.3g",
                         "015,.2f", " .1f", "=+9.1f")

    def str(self, d):
        if d <= 0:
            return self.text()
        a = self.str(d - 1)
        return self.pick(
            self.text(), f"({a} + {self.text()})", f"{self.text()} * {self.pick('0', '2', '3')}",
            f"f'{{{self.int(d - 1)}:{self.spec()}}}'", f"f'{{{self.float(d - 1)}:{self.float_spec()}}}'",
            f"f'n={{{self.number(d - 1)}}} {{{self.text2()}!r:>12}}'", f"str({self.number(d - 1)})",
            f"repr({a})", f"{a}.upper()", f"{a}.lower()", f"{a}.strip()", f"{a}.replace('a', 'bb')",
            f"'-'.join([{a}, {self.text()}])", f"({a})[{self.slice()}]", f"{a}.title()",
            f"'{{}}_{{:03d}}'.format({a}, {self.int(d - 1)})", f"'{{0}}{{1}}{{0}}'.format({a}, 7)",
            f"'%s_%d' % ({a}, {self.int(d - 1)})", f"'%05.1f|%-6s|%+d|%x' % ({self.float(d - 1)}, {a}, 7, 255)",
            f"{a}.zfill(9)", f"{a}.rjust(12, '.')", f"{a}.center(11)", f"{a}.capitalize()",
            f"str({self.ints(d - 1)})", f"str({a}.split())", f"str({a}.split(','))",
            f"str(({self.number(d - 1)},))", f"str({{'k': {self.number(d - 1)}, 2: {a}}})",
            f"str({{k: v for k, v in zip('abc', {self.ints(d - 1)})}})", f"{a}.swapcase()",
            f"str(range({self.int_literal()}))")

    def text2(self):
        return self.pick('"a"', '"it"', "42", "None", "(1, 2)", "[1.5]")

    def wild(self, d):
        """Often a type error."""
        x = lambda: self.pick(self.int, self.float, self.bool, self.str, self.ints)(d - 1)
        op = self.pick("+", "-", "*", "/", "//", "%", "**", "<", "==", "&", "<<", "in")
        return self.pick(f"{x()} {op} {x()}", f"({x()})[{x()}]", f"len({x()})", f"int({x()})",
                         f"float({x()})", f"sum({x()})", f"max({x()})", f"sorted({x()})", f"-{x()}",
                         f"[1, 2, 3].index({x()})", f"{{'a': 1}}[{x()}]", f"f'{{{x()}:{self.float_spec()}}}'")

    def statement(self, d, names):
        """Lines of a small program that ends by itself; `names` grows."""
        r = self.r
        name = self.pick("a", "b", "c", "total")
        kinds = ["assign", "augment", "print", "if", "for", "list", "unpack", "star", "def", "alias"]
        kind = r.choice(kinds if d > 0 else kinds[:3])
        value = lambda: self.pick(self.int_literal(), *sorted(names)) if names else self.int_literal()
        op = self.pick("+", "-", "*", "//", "%")
        if kind == "augment" and name in names:
            return [f"{name} {op}= {value()} + 1"]
        if kind == "print":
            return [f"print({value()}, f'{{{value()} + 1:>8}}', sep='|')"]
        if kind == "if":
            inner = self.block(d - 1, set(names))
            other = self.block(d - 1, set(names))
            return ([f"if {value()} {self.pick('<', '>', '==', '!=')} {value()}:"] + inner +
                    ["elif not " + value() + ":"] + other + ["else:", "    pass"])
        if kind == "for":
            inner = self.block(d - 1, names | {"i"}) + [
                f"    {self.pick('print(i)', 'if i == 2: break', 'if i % 2: continue', 'pass')}",
                "    print('after', i)"]
            return [f"for i in {self.pick('range(4)', '[3, 1, 2]', 'range(5, 0, -2)', '(7,)')}:"] + inner + [
                "else:", "    print('done')"]
        if kind == "list":
            return [f"seq = [{value()}, {value()}, {value()}]", f"seq.append({value()})",
                    self.pick("seq.pop()", "seq.pop(0)", "seq.insert(1, 9)", "seq.reverse()", "seq.sort()",
                              "seq += [4]", "seq.extend((5, 6))", "seq[0] = 8", "del seq[1]",
                              "seq.remove(seq[1])", "seq = seq[::-1]"), "print(seq, len(seq), sum(seq))"]
        if kind == "unpack":
            names |= {"a", "b"}
            return [f"a, b = {value()}, {value()}", "a, b = b, a", "print(a, b)"]
        if kind == "star":
            names |= {"a", "c"}
            return [f"a, *rest, c = [{value()}, {value()}, {value()}, {value()}]", "print(a, rest, c)"]
        if kind == "def":
            names |= {"b"}
            return ["def f(x, y=3, z=None):", f"    w = x {op} (y + 1)", "    if w > 10:",
                    "        return w", "    def g(t):", "        return t * w + y",
                    f"    return g({self.pick('1', '2', 'x')}) if z is None else z",
                    f"b = f({value()}, {self.pick('', 'y=2, ', 'z=5, ')})", "print(b)"]
        if kind == "alias":
            return ["p = [1]", "q = p", "q.append(2)", "print(p, q is p, p == [1, 2])",
                    "d = {'k': p}", "d['k'].append(3)", "print(d, d.get('z', 0), sorted(d.keys()))",
                    "fs = [lambda n, i=i: n + i for i in range(3)]", "print([g(10) for g in fs])"]
        line = f"{name} = {value()} {op} {self.pick('2', '3', '7')}"
        names.add(name)
        return [line]

    def block(self, d, names):
        lines = []
        for _ in range(self.r.randrange(1, 4)):
            lines += self.statement(d, names)
        return ["    " + line for line in lines]

    def program(self):
        names, lines = set(), []
        for _ in range(self.r.randrange(2, 8)):
            lines += self.statement(2, names)
        return "\n".join(lines) + "\n"

    def expression(self):
        d = self.r.randrange(1, 4)
        return self.pick(self.int, self.int, self.float, self.bool, self.str, self.ints, self.wild)(d)


def reference(text):
    """('value', printed) or ('error', why)."""
    tree = ast.parse(text, mode="eval")
    try:
        value = eval(compile(tree, "", "eval"), {"math": math})
    except RecursionError:
        raise
    except Exception as error:  # whatever Python raises is an error for kmodel too
        return "error", type(error).__name__
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or isinstance(node, (ast.Starred, ast.Slice)):
            continue
        try:
            part = eval(compile(ast.Expression(node), "", "eval"), {"math": math})
        except Exception:
            continue
        if overflows(part):
            return "skip", "an integer of more than 64 bits"
    if isinstance(value, (complex, set)) or "object at" in str(value) or overflows(value):
        return "skip", "not a value of kmodel"
    return "value", str(value)


def overflows(value):
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return not -LIMIT <= value < LIMIT
    if isinstance(value, (list, tuple)):
        return any(overflows(v) for v in value)
    if isinstance(value, dict):
        return any(overflows(v) for v in value.values())
    return isinstance(value, complex)


def run(kmodel, text, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".kmodel") as file:
        file.write(text)
        file.flush()
        return subprocess.run([kmodel, "check", *options, file.name], capture_output=True, text=True,
                              timeout=60)


def compare_values(kmodel, cases):
    """One file for many expressions; on a mismatch, which one it was."""
    mark = "~%d~"
    text = "import math\n" + "".join(f"print('{mark % i}', {c[0]}, sep='')\n" for i, c in enumerate(cases))
    result = run(kmodel, text + MODEL)
    found = {}
    for piece in result.stdout.split("~", 1)[-1].split("\n~") if result.stdout else []:
        number, _, printed = piece.partition("~")
        found[int(number)] = printed.rstrip("\n") if piece.endswith("\n") else printed
    bad = []
    for i, (source, expected) in enumerate(cases):
        if found.get(i) != expected.rstrip("\n") and found.get(i) != expected:
            bad.append((source, expected, found.get(i), errors_for(kmodel, source)))
    return bad


def errors_for(kmodel, source):
    return run(kmodel, f"import math\nprint({source})\n{MODEL}").stderr.split("\n")[0]


def compare_errors(kmodel, cases):
    """Every line must be reported."""
    text = "import math\n" + "".join(f"print({c})\n" for c, _ in cases) + MODEL
    result = run(kmodel, text, "--message-format", "json")
    lines = set()
    for line in result.stderr.splitlines():
        if line.startswith("{"):
            lines.add(json.loads(line)["range"]["start"]["line"])
    return [(c, why) for i, (c, why) in enumerate(cases) if i + 2 not in lines]


def run_python(source):
    """What the program prints, or None if it fails."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(source, "", "exec"), {})
    except Exception:
        return None
    return printed.getvalue()


def compare_programs(kmodel, generator, count):
    bad = []
    for _ in range(count):
        source = generator.program()
        expected = run_python(source)
        result = run(kmodel, source + MODEL)
        failed = result.returncode != 0
        if failed and "KM0121" in result.stderr:
            continue  # beyond 64 bits
        if failed != (expected is None) or (expected is not None and result.stdout != expected):
            bad.append((source, expected, result.stdout, result.stderr[:400]))
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kmodel", default="build/kmodel")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    generator = Generator(options.seed)
    values, errors, skipped = [], [], 0
    while len(values) + len(errors) + skipped < options.count:
        source = generator.expression()
        try:
            kind, result = reference(source)
        except (SyntaxError, RecursionError, ValueError):
            continue
        if kind == "value" and "~" not in result:
            values.append((source, result))
        elif kind == "error":
            errors.append((source, result))
        else:
            skipped += 1
    wrong = []
    for i in range(0, len(values), 50):
        wrong += compare_values(options.kmodel, values[i:i + 50])
    missed = []
    for i in range(0, len(errors), 50):
        missed += compare_errors(options.kmodel, errors[i:i + 50])
    wrong += compare_programs(options.kmodel, generator, options.count // 10)
    for source, expected, found, error in wrong:
        print(f"{source}\n    Python {expected!r}\n    kmodel {found!r} {error}")
    for source, why in missed:
        print(f"{source}\n    Python {why}, kmodel nothing")
    print(f"{len(values)} values, {len(errors)} errors, {options.count // 10} programs, {skipped} beyond 64 bits: "
          f"{len(wrong)} differ, {len(missed)} not reported")
    return 1 if wrong or missed else 0


if __name__ == "__main__":
    sys.exit(main())
