import type { CodeInfo } from "../validation/rule.ts";

const kubectl = "kubectl and the API server read YAML by sigs.k8s.io/yaml";

/** What reading a text can find, as codes of the layer `yaml`. */
export const yamlCodes: readonly CodeInfo[] = [
  {
    code: "FY0001",
    severity: "error",
    title: "YAML syntax error",
    explanation:
      "The document cannot be read, so kubectl would refuse it. The other documents of the file are checked.",
    source: "YAML 1.2 specification",
  },
  {
    code: "FY0002",
    severity: "error",
    title: "Tab in the indentation",
    explanation: "YAML is indented by spaces only. Replace the tab by spaces.",
    source: "YAML 1.2 specification, 6.1 Indentation Spaces",
  },
  {
    code: "FY0003",
    severity: "warning",
    title: "Key given twice",
    explanation: "The last value counts and the others are lost silently. Remove all but one.",
    source: kubectl,
  },
  {
    code: "FY0004",
    severity: "warning",
    title: "Word that is read as true or false",
    explanation:
      "Unquoted y, n, yes, no, on and off are booleans for kubectl, as keys, too. Quote the word if a text is meant, else write true or false.",
    source: kubectl,
  },
  {
    code: "FY0005",
    severity: "hint",
    title: "Number that is not read as it is written",
    explanation:
      "A leading 0 makes a number octal, 0b binary, and underscores are left out. Quote it if a text is meant, else write the plain number.",
    source: kubectl,
  },
  {
    code: "FY0006",
    severity: "hint",
    title: "Merge key",
    explanation: "kubectl merges what `<<` refers to into the mapping; other readers of this file may not.",
    source: kubectl,
  },
  {
    code: "FY0007",
    severity: "error",
    title: "Character that YAML does not allow",
    explanation:
      "Control characters other than tab and line breaks cannot stand in YAML. Write them escaped in double quotes.",
    source: "YAML 1.2 specification, 5.1 Character Set",
  },
  {
    code: "FY0008",
    severity: "warning",
    title: "Bytes that are no UTF-8",
    explanation: "What cannot be decoded stands here as U+FFFD. Save the file as UTF-8.",
    source: "YAML 1.2 specification, 5.2 Character Encodings",
  },
  {
    code: "FY0009",
    severity: "error",
    title: "Aliases that expand without measure",
    explanation:
      "The aliases of this document stand for far more values than it holds; kubectl refuses such documents.",
    source: kubectl,
  },
  {
    code: "FY0010",
    severity: "error",
    title: "Nested too deeply",
    explanation: "The document is nested more than 500 levels deep and is not read.",
    source: "Foreyard's own limit",
  },
  {
    code: "FY0011",
    severity: "error",
    title: "Document too large",
    explanation: "The document is larger than 16 MiB and is not read; the API server takes 3 MiB at most.",
    source: "Kubernetes: limit of a request's body; Foreyard's own limit",
  },
  {
    code: "FY0012",
    severity: "error",
    title: "Key or value that JSON cannot hold",
    explanation:
      "kubectl turns YAML into JSON, which has no lists, mappings or null as keys, and neither infinity nor not-a-number.",
    source: kubectl,
  },
];
