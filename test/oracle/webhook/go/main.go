// webhook asks istiod's validation about documents: for each line of JSON {"kind", "object"} on stdin it prints a line
// {"error", "warnings"}, error empty where istiod accepts. "object" is what the API server would send to istiod's
// admission webhook, which runs here behind its own HTTP handler; with the kind MeshConfig or MeshNetworks it is what
// the ConfigMap "istio" holds under "mesh" or "meshNetworks".
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/validation/agent"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/webhooks/validation/server"
)

type question struct {
	Kind   string          `json:"kind"`
	Object json.RawMessage `json:"object"`
}

type verdict struct {
	Error    string   `json:"error"`
	Warnings []string `json:"warnings,omitempty"`
}

func main() {
	quiet := log.DefaultOptions()
	quiet.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	if err := log.Configure(quiet); err != nil {
		fail(err)
	}
	mux := http.NewServeMux()
	if _, err := server.New(server.Options{Schemas: collections.PilotGatewayAPI(), DomainSuffix: "cluster.local", Mux: mux}); err != nil {
		fail(err)
	}

	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fail(err)
		}
		if err := encoder.Encode(judge(mux, asked)); err != nil {
			fail(err)
		}
	}
}

func judge(webhook http.Handler, asked question) (answer verdict) {
	defer func() {
		if reason := recover(); reason != nil {
			answer = verdict{Error: fmt.Sprintf("panic: %v", reason)}
		}
	}()
	switch asked.Kind {
	case "MeshConfig":
		// Its fields are read over Istio's defaults, then validated.
		_, err := mesh.ApplyMeshConfig(string(asked.Object), mesh.DefaultMeshConfig())
		return verdict{Error: text(err)}
	case "MeshNetworks":
		networks, err := mesh.ParseMeshNetworks(string(asked.Object))
		if err == nil {
			err = agent.ValidateMeshNetworks(networks)
		}
		return verdict{Error: text(err)}
	}
	return admit(webhook, asked.Object)
}

func admit(webhook http.Handler, object json.RawMessage) verdict {
	review, err := json.Marshal(map[string]any{
		"apiVersion": "admission.k8s.io/v1",
		"kind":       "AdmissionReview",
		"request":    map[string]any{"uid": "1", "operation": "CREATE", "object": object},
	})
	if err != nil {
		fail(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/validate", bytes.NewReader(review))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	webhook.ServeHTTP(recorder, request)

	var answer struct {
		Response struct {
			Allowed  bool
			Warnings []string
			Status   struct{ Message string }
		}
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		return verdict{Error: recorder.Body.String()}
	}
	if answer.Response.Allowed {
		return verdict{Warnings: answer.Response.Warnings}
	}
	return verdict{Error: answer.Response.Status.Message}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
