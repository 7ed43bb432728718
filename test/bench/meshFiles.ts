import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A mesh of services as YAML files: about 4.3 objects for each service, two in a hundred route to a host that is not there. */
export function meshFiles(services: number): readonly { readonly name: string; readonly text: string }[] {
  const files: { name: string; text: string }[] = [];
  const namespaces = Math.max(1, Math.ceil(services / 50));
  let documents: string[] = [];
  const flush = (): void => {
    if (documents.length === 0) return;
    files.push({ name: `m${String(files.length).padStart(5, "0")}.yaml`, text: documents.join("---\n") });
    documents = [];
  };
  for (let at = 0; at < namespaces; at += 1) documents.push(namespaceText(`ns${at}`));
  flush();
  for (let at = 0; at < services; at += 1) {
    documents.push(...serviceTexts(at, `ns${at % namespaces}`));
    if (at % 12 === 11) flush();
  }
  flush();
  return files;
}

/** Writes {@link meshFiles} into a folder. */
export function writeMeshFiles(folder: string, services: number): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of meshFiles(services)) writeFileSync(path.join(folder, name), text);
}

function namespaceText(name: string): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    istio-injection: enabled
`;
}

function serviceTexts(at: number, namespace: string): readonly string[] {
  const name = `svc${at}`;
  const metadata = `metadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
  const target = at % 50 === 49 ? `${name}-gone` : name;
  return [
    `apiVersion: v1
kind: Service
${metadata}spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      targetPort: 8080
`,
    `apiVersion: apps/v1
kind: Deployment
${metadata}spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
        version: v1
    spec:
      containers:
        - name: app
          image: registry.example/${name}:1
          ports:
            - containerPort: 8080
`,
    `apiVersion: networking.istio.io/v1
kind: VirtualService
${metadata}spec:
  hosts:
    - ${name}
  http:
    - match:
        - uri:
            prefix: /v1
      route:
        - destination:
            host: ${target}
            subset: v1
            port:
              number: 80
      timeout: 3s
    - route:
        - destination:
            host: ${name}
            subset: v1
            port:
              number: 80
`,
    `apiVersion: networking.istio.io/v1
kind: DestinationRule
${metadata}spec:
  host: ${name}.${namespace}.svc.cluster.local
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
  subsets:
    - name: v1
      labels:
        version: v1
`,
    ...(at % 3 === 0
      ? [
          `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
${metadata}spec:
  selector:
    matchLabels:
      app: ${name}
  rules:
    - from:
        - source:
            namespaces: ["${namespace}"]
      to:
        - operation:
            methods: ["GET"]
`,
        ]
      : []),
  ];
}
