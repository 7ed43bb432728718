import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFormat } from "../../../../../src/mesh/format/format.ts";
import { fill, say } from "../../../../../src/mesh/message.ts";
import { graphCsv } from "../../../../../src/mesh/topology/export/graphCsv.ts";
import { graphDot } from "../../../../../src/mesh/topology/export/graphDot.ts";
import { graphJson } from "../../../../../src/mesh/topology/export/graphJson.ts";
import { graphMarkdown } from "../../../../../src/mesh/topology/export/graphMarkdown.ts";
import { graphMermaid } from "../../../../../src/mesh/topology/export/graphMermaid.ts";
import type { TopologyGraph } from "../../../../../src/mesh/topology/graph/graph.ts";
import { aBox, aGraph, aNode, anEdge } from "../smallGraph.ts";

const format = createFormat("en");

const small = aGraph(
  [
    aNode("front", { box: 1, version: "v1", badges: ["mtls"], rpsIn: 12, errorRate: 0 }),
    aNode("reviews", { kind: "service", box: 1, state: "failing" }),
    aNode("db.example.com", { kind: "serviceEntry", namespace: "" }),
  ],
  [
    anEdge(0, 1, { rps: 12, errorRate: 0.083, p95: 0.25, mtls: 1, responseCodes: { "200": 11, "503": 1 } }),
    anEdge(1, 2, { protocol: "tcp", sentBytesPerSecond: 1600, receivedBytesPerSecond: 900, flags: { UF: 5 } }),
  ],
  [aBox("eu", "cluster"), aBox("shop", "namespace", 0)],
);

const hostileNames = [
  `"] --> n0; click n0 "javascript:alert(1)"`,
  "<img src=x onerror=alert(1)>",
  "%%{init: {'theme':'dark'}}%%",
  "end",
  "a\nb\r\nc\u2028d",
  "\u202eevil\u0000",
  '=HYPERLINK("http://x")',
  "  @SUM(1)",
  "a|b\\|c",
  "[link](http://x) **bold** `code`",
  "\\",
  "",
  "x".repeat(10_000),
];
const hostile: TopologyGraph = aGraph(
  hostileNames.map((name, index) => aNode(name, { box: index % 2 })),
  hostileNames.map((name, index) => anEdge(index, 0, { protocol: name, responseCodes: { [name]: 1 } })),
  hostileNames.slice(0, 2).map((name) => aBox(name, "namespace")),
);

describe("a graph as JSON", () => {
  it("has the fields that are promised, with null for no data", () => {
    const problem = { id: "p", words: say("No answer from {0}", "eu"), canRetry: true, severity: "error" } as const;
    const { nodes, edges, problems } = JSON.parse(graphJson(small, [problem])) as Record<string, unknown[]>;
    assert.deepEqual(nodes?.[0], {
      ...{ id: "workload/eu/shop/front", kind: "workload", cluster: "eu", namespace: "shop", name: "front" },
      ...{ version: "v1", health: "healthy", badges: ["mtls"] },
    });
    assert.deepEqual(edges?.[0], {
      ...{ source: "workload/eu/shop/front", target: "service/eu/shop/reviews", protocol: "http", rps: 12 },
      ...{ errorRate: 0.083, p50: null, p95: 0.25, p99: null, sentBytesPerSecond: null, receivedBytesPerSecond: null },
      ...{ mtls: 1, responseCodes: { "200": 11, "503": 1 }, flags: {} },
    });
    assert.deepEqual(problems, [{ id: "p", severity: "error", message: "No answer from eu", hint: null, query: null }]);
  });

  it("holds any name exactly", () => {
    const { nodes } = JSON.parse(graphJson(hostile, [])) as { nodes: { name: string }[] };
    assert.deepEqual(
      nodes.map(({ name }) => name),
      hostileNames,
    );
  });
});

describe("a graph as Mermaid", () => {
  it("is a flowchart with a subgraph for each box", () => {
    assert.equal(
      graphMermaid(small, format),
      [
        "flowchart LR",
        '  subgraph b0 ["eu"]',
        '    subgraph b1 ["shop"]',
        '      n0["front (shop)"]',
        '      n1{{"reviews (shop)"}}',
        "    end",
        "  end",
        '  n2(["db.example.com"])',
        '  n0 -->|"http 12 rps 8.3#37;"| n1',
        '  n1 -.->|"tcp ↑1.6 kB/s ↓900 B/s"| n2',
        "",
      ].join("\n"),
    );
  });

  it("has one statement a line, whatever the names are", () => {
    const text = '"[^"`<>%{}\\\\\\n]*"';
    const statement = new RegExp(
      `^ *(subgraph b\\d+ \\[${text}\\]|end|n\\d+\\[${text}\\]|n\\d+ -->\\|${text}\\| n\\d+)$`,
    );
    const [first, ...lines] = graphMermaid(hostile, format).trimEnd().split("\n");
    assert.equal(first, "flowchart LR");
    assert.deepEqual(
      lines.filter((line) => !statement.test(line)),
      [],
    );
    assert.equal(lines.length, 2 * hostileNames.length + 4);
  });
});

describe("a graph as DOT", () => {
  it("is a digraph with a cluster for each box", () => {
    assert.equal(
      graphDot(small, format),
      [
        "digraph mesh {",
        "  rankdir=LR;",
        "  node [shape=box];",
        '  subgraph "cluster box/eu" {',
        '    label="eu";',
        '    subgraph "cluster box/shop" {',
        '      label="shop";',
        '      "workload/eu/shop/front" [label="front (shop)"];',
        '      "service/eu/shop/reviews" [label="reviews (shop)"];',
        "    }",
        "  }",
        '  "serviceEntry/eu//db.example.com" [label="db.example.com"];',
        '  "workload/eu/shop/front" -> "service/eu/shop/reviews" [label="http 12 rps 8.3%"];',
        '  "service/eu/shop/reviews" -> "serviceEntry/eu//db.example.com" [label="tcp ↑1.6 kB/s ↓900 B/s", style=dashed];',
        "}",
        "",
      ].join("\n"),
    );
  });

  it("closes every string that it opens, whatever the names are", () => {
    for (const line of graphDot(hostile, format).split("\n")) {
      const outside = line.replace(/"(?:[^"\\]|\\.)*"/g, "S");
      assert.match(
        outside,
        /^(digraph mesh \{| *[a-z]+=LR;| *node \[shape=box\];| *subgraph S \{| *label=S;| *S \[label=S\];| *S -> S \[label=S\];| *\}|)$/,
      );
    }
  });
});

describe("a graph as CSV", () => {
  it("has a row for each node and each edge, and nothing where there is no data", () => {
    const [head, front, , , edge] = graphCsv(small).split("\r\n");
    assert.equal(
      head,
      "row,id,kind,cluster,namespace,name,version,health,badges,source,target,protocol,rps,errorRate,share,p50,p95,p99,sentBytesPerSecond,receivedBytesPerSecond,mtls,responseCodes,flags",
    );
    assert.equal(front, "node,workload/eu/shop/front,workload,eu,shop,front,v1,healthy,mtls,,,,12,0,,,,,,,,,");
    assert.equal(
      edge,
      "edge,0>1:http,,,,,,healthy,,workload/eu/shop/front,service/eu/shop/reviews,http,12,0.083,,,0.25,,,,1,200=11 503=1,",
    );
  });

  it("has as many cells in each row, none of which a spreadsheet would run", () => {
    const rows = readCsv(graphCsv(hostile));
    assert.equal(rows.length, 1 + 2 * hostileNames.length);
    for (const row of rows) {
      assert.equal(row.length, 23);
      assert.ok(row.every((cell) => !/^\s*[=+\-@]/u.test(cell)));
    }
    assert.equal(rows[7]?.[5], `'=HYPERLINK("http://x")`);
  });
});

describe("a graph as Markdown", () => {
  it("is two tables", () => {
    assert.equal(
      graphMarkdown(small, format, fill),
      [
        "| Name | Kind | Namespace | Cluster | Health | Rate | Errors |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| front | workload | shop | eu | healthy | 12 rps | 0% |",
        "| reviews | service | shop | eu | failing | – | – |",
        "| db.example.com | serviceEntry |  | eu | healthy | – | – |",
        "",
        "| From | To | Protocol | Rate | Errors | p95 | mTLS |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| shop/front | shop/reviews | http | 12 rps | 8.3% | 250 ms | 100% |",
        "| shop/reviews | db.example.com | tcp | ↓0.9 kB/s ↑1.6 kB/s | – | – | – |",
        "",
      ].join("\n"),
    );
  });

  it("has as many cells in each row, and no markup in them", () => {
    const lines = graphMarkdown(hostile, format, fill)
      .split("\n")
      .filter((line) => line.startsWith("|"));
    for (const line of lines) {
      const bare = line.replace(/\\./g, "x");
      assert.equal(bare.split("|").length, 9, line.slice(0, 100));
      assert.doesNotMatch(bare, /[<[\]`*]/);
    }
    assert.equal(lines.length, 2 * hostileNames.length + 4);
  });
});

/** Reads RFC 4180 as it is written down. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
