import { l10n } from "vscode";
import { isTrouble } from "../../mesh/health/verdict.ts";
import type { Message } from "../../mesh/message.ts";
import type { Metadata } from "../../mesh/metadata/providers.ts";
import type { MetadataCard } from "../../mesh/metadata/metadata.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import { detailsOf as graphDetails } from "../../mesh/topology/graph/selectionDetails.ts";
import type { SelectionReading } from "../../mesh/topology/reading/readSelection.ts";
import type { Details, PanelLink } from "../../protocol/topology/topologyContract.ts";
import { translate } from "../words.ts";
import { notInPicture, type Selected } from "./selection.ts";
import type { Read } from "./topologyReader.ts";

/** A panel is read by a person. */
const mostRows = 200;

/** What was asked of others when the selection was made. */
export interface Asked {
  readonly stores: SelectionReading;
  /** What third parties know of the object behind it. */
  readonly cards: readonly MetadataCard[];
}

/** The side panel of a selection in the user's language: what the picture knows of it, and what was asked besides. */
export function detailsOf(
  selected: Selected,
  { input, graph }: Pick<Read, "input" | "graph">,
  { stores, cards }: Asked,
  actions: readonly PanelLink[],
): Details {
  const { target } = selected;
  const details = graphDetails(graph, target, { facts: input.facts, calls: stores.calls });
  if (!details) throw notInPicture();
  const { title, state, inbound, outbound, latency, codes, mtls, principals } = details;
  return {
    ...{ target, title, state, inbound, outbound, mtls, actions },
    subtitle: details.subtitle.map(inWords).join(" · "),
    reasons: reasonsOf(selected, details.reasons),
    latency: latency ?? null,
    codes: codes.slice(0, mostRows),
    principals: principals.slice(0, mostRows),
    facts: [
      ...details.facts.map(({ name, value }) => ({ name: translate(name), value: inWords(value) })),
      ...cards.flatMap(cardFacts),
    ],
    configuration: details.configuration.map(linkTo),
    findings: [
      ...details.findings.map(({ severity, words, ref }) => {
        return { severity, words: translate(words), link: ref ? linkTo(ref) : null };
      }),
      ...cards.flatMap(cardFindings),
    ],
    queries: [...new Set(stores.provenance.map(({ query }) => query))],
    problems: stores.problems.map(({ words }) => translate(words)),
  };
}

type Facts = Details["facts"];

/** What a third party tells, named after it: its line, its names and values; or why there is none. */
function cardFacts({ providerId, metadata, failure }: MetadataCard): Facts {
  if (failure) return [{ name: providerId, value: translate(failure) }];
  if (!metadata) return [];
  const isFinding = isGrave(metadata);
  const pairs = Object.entries(metadata.data).slice(0, mostRows);
  return [
    ...(metadata.summary === "" || isFinding ? [] : [{ name: providerId, value: metadata.summary }]),
    ...pairs.map(([name, value]) => ({ name: `${providerId} · ${name}`, value })),
  ];
}

/** What it warns of. */
function cardFindings({ providerId, metadata }: MetadataCard): Details["findings"] {
  if (!metadata || !isGrave(metadata)) return [];
  const { summary, severity = "info" } = metadata;
  return [{ severity, words: summary === "" ? providerId : `${providerId}: ${summary}`, link: null }];
}

function isGrave({ severity = "info" }: Metadata): boolean {
  return severity !== "info";
}

function linkTo(ref: ObjectRef): PanelLink {
  return {
    id: `config ${refId(ref)}`,
    title: `${ref.kind} ${ref.name}`,
    detail: l10n.t("Opens the YAML of {0} {1} in {2}", ref.kind, ref.name, ref.namespace),
  };
}

function inWords(part: Message | string): string {
  return typeof part === "string" ? part : translate(part);
}

/** Of a box, the reasons of what is in trouble in it, named. */
function reasonsOf({ nodes, box }: Selected, own: readonly Message[]): readonly string[] {
  if (!box) return own.map(translate);
  return nodes
    .filter(({ state }) => isTrouble(state))
    .slice(0, 5)
    .map(({ name, reasons }) => `${name}: ${reasons.map(translate).join(", ")}`);
}
