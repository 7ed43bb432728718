"use strict";
const vscode = require("vscode");

/** A price that a real extension would look up. */
const eurosPerHour = (name) => 0.01 * (1 + (name.length % 7));

/** @type {import("@foreyard/api").MetadataProvider} */
const costs = {
  id: "Cost",
  kinds: ["Pod"],
  provide: ({ context, namespace, name }) => {
    const euros = eurosPerHour(name);
    return {
      summary: `${euros.toFixed(2)} €/h`,
      data: { "Per month": `${(euros * 730).toFixed(0)} €`, "Paid by": namespace, "Price list": context },
      severity: euros > 0.06 ? "warning" : "info",
      actions: [{ title: "Explain the cost", command: "costCard.explain", arguments: [name, euros] }],
    };
  },
};

exports.activate = async (context) => {
  const explain = (name, euros) => vscode.window.showInformationMessage(`${name} costs ${euros.toFixed(2)} € an hour.`);
  context.subscriptions.push(vscode.commands.registerCommand("costCard.explain", explain));
  /** @type {import("@foreyard/api").ForeyardExports} */
  const foreyard = await vscode.extensions.getExtension("foreyard.foreyard").activate();
  context.subscriptions.push(foreyard.getApi(1).registerMetadataProvider(costs));
};
