import { say, type Message } from "../../message.ts";
import { comparisons, type Comparison, type Expression, type FindError } from "./expression.ts";
import { flagOf, operandOf, type Flag, type Operand } from "./operands.ts";
import { isUnit, quantityOf } from "./quantities.ts";
import { tokensOf, type Token } from "./tokens.ts";

const longest = 2000;
/** Parentheses and "not" within each other; nobody writes so many, and each takes stack. */
const deepest = 50;

/**
 * Reads a find or hide text: `http.errors > 1% and ns = shop`, `not (healthy or idle)`. "and" binds tighter than "or".
 * Blank text finds nothing. Never throws.
 */
export function parseFind(text: string): Expression | FindError {
  if (text.trim() === "") return { what: "nothing" };
  if (text.length > longest) return { words: say("Longer than {0} characters", longest), at: longest };
  const { tokens, error } = tokensOf(text);
  if (error) return error;
  try {
    return new Parser(tokens, text.length).whole();
  } catch (e) {
    if (e instanceof Unreadable) return e.reason;
    throw e;
  }
}

class Unreadable extends Error {
  readonly reason: FindError;

  constructor(words: Message, at: number) {
    super();
    this.reason = { words, at };
  }
}

/** Which things an expression is about. */
interface About {
  readonly nodes: boolean;
  readonly edges: boolean;
}

interface Read {
  readonly expression: Expression;
  readonly about: About;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Expression {
    const { expression } = this.#either();
    const rest = this.#peek();
    if (rest) throw new Unreadable(say("Expected “and” or “or” before {0}", rest.text), rest.at);
    return expression;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(what: Token["what"]): boolean {
    if (this.#peek()?.what !== what) return false;
    this.#at++;
    return true;
  }

  #place(): number {
    return this.#peek()?.at ?? this.#end;
  }

  #either(): Read {
    const reads = [this.#both()];
    while (this.#takes("or")) reads.push(this.#both());
    const about = {
      nodes: reads.some((read) => read.about.nodes),
      edges: reads.some((read) => read.about.edges),
    };
    return joined("any", reads, about);
  }

  #both(): Read {
    const reads = [this.#one()];
    let { about } = reads[0] as Read;
    while (this.#takes("and")) {
      const at = this.#place();
      const next = this.#one();
      reads.push(next);
      about = { nodes: about.nodes && next.about.nodes, edges: about.edges && next.about.edges };
      if (!about.nodes && !about.edges) {
        throw new Unreadable(
          say("Nothing is a node and an edge at once. Ask an edge for its ends: {0} or {1}", "from.ns", "to.ns"),
          at,
        );
      }
    }
    return joined("all", reads, about);
  }

  #one(): Read {
    if (++this.#depth > deepest) throw new Unreadable(say("Too many parentheses within each other"), this.#place());
    const read = this.#unguarded();
    this.#depth--;
    return read;
  }

  #unguarded(): Read {
    const start = this.#peek();
    if (this.#takes("not")) {
      const { expression, about } = this.#one();
      return { expression: { what: "not", part: expression }, about };
    }
    if (start && this.#takes("open")) {
      const inner = this.#either();
      if (!this.#takes("close")) throw new Unreadable(say("This parenthesis is never closed."), start.at);
      return inner;
    }
    return this.#term();
  }

  #term(): Read {
    const token = this.#peek();
    if (token?.what !== "word") {
      throw new Unreadable(say("Expected something to look for, such as {0}", "name, ns, healthy"), this.#place());
    }
    this.#at++;
    const next = this.#peek();
    if (next?.what === "comparison") return this.#comparison(token, next);
    // "is healthy" and "has fault" read well.
    if (/^(is|has)$/iu.test(token.text) && next?.what === "word") return this.#term();
    const flag = flagOf(token.text);
    if (flag) return { expression: { what: "flag", flag }, about: aboutOf(flag) };
    if (operandOf(token.text)) {
      throw new Unreadable(say("Expected a comparison after {0}, such as = or >", token.text), next?.at ?? this.#end);
    }
    throw new Unreadable(say("Nothing is called {0} here", token.text), token.at);
  }

  #comparison(name: Token, sign: Token): Read {
    const operand = operandOf(name.text);
    if (!operand) {
      const words = flagOf(name.text)
        ? say("{0} is not compared: write it alone, or “not {0}”", name.text)
        : say("Nothing is called {0} here", name.text);
      throw new Unreadable(words, name.at);
    }
    const comparison = comparisons.find((each) => each === sign.text) ?? "=";
    if (!fits(comparison, operand)) {
      throw new Unreadable(say("{0} cannot be compared with {1}", name.text, comparison), sign.at);
    }
    this.#at++;
    const value = this.#peek();
    if (value?.what !== "word" && value?.what !== "quoted") {
      throw new Unreadable(say("Expected a value after {0}", comparison), this.#place());
    }
    this.#at++;
    const about = aboutOf(operand);
    if (operand.dimension === "text") {
      return { expression: { what: "text", operand, comparison, value: value.text }, about };
    }
    const number = quantityOf(this.#withUnit(value, operand.dimension), operand.dimension);
    if (typeof number !== "number") throw new Unreadable(number, value.at);
    return { expression: { what: "number", operand, comparison, value: number }, about };
  }

  /** "500 ms" is one value. */
  #withUnit(value: Token, dimension: Exclude<Operand["dimension"], "text">): string {
    const unit = this.#peek();
    if (unit?.what !== "word" || !/^[\d.]+$/u.test(value.text) || !isUnit(unit.text, dimension)) return value.text;
    this.#at++;
    return `${value.text} ${unit.text}`;
  }
}

function joined(what: "all" | "any", reads: readonly Read[], about: About): Read {
  const [only] = reads;
  if (only && reads.length === 1) return only;
  return { expression: { what, parts: reads.map(({ expression }) => expression) }, about };
}

function aboutOf({ node, edge }: Flag | Operand): About {
  return { nodes: node !== undefined, edges: edge !== undefined };
}

function fits(comparison: Comparison, { dimension }: Operand): boolean {
  const isOrder = comparison.startsWith(">") || comparison.startsWith("<");
  if (comparison === "=" || comparison === "!=") return true;
  return isOrder === (dimension !== "text");
}
