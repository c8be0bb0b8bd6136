// Writes JSON schemas of the Kubernetes kinds that the chart uses, read off the Go types that the API server and the
// Prometheus Operator decode into. Unknown fields are faults. What the types do not say is not checked: enumerations,
// patterns, ranges, and fields that are required although they are marked omitempty.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type schema = map[string]any

var kinds = map[string]any{
	"deployment-apps-v1":                     apps.Deployment{},
	"statefulset-apps-v1":                    apps.StatefulSet{},
	"service-v1":                             core.Service{},
	"serviceaccount-v1":                      core.ServiceAccount{},
	"configmap-v1":                           core.ConfigMap{},
	"persistentvolumeclaim-v1":               core.PersistentVolumeClaim{},
	"pod-v1":                                 core.Pod{},
	"poddisruptionbudget-policy-v1":          policy.PodDisruptionBudget{},
	"networkpolicy-networking-v1":            networking.NetworkPolicy{},
	"horizontalpodautoscaler-autoscaling-v2": autoscaling.HorizontalPodAutoscaler{},
	"job-batch-v1":                           batch.Job{},
	"servicemonitor-monitoring-v1":           monitoring.ServiceMonitor{},
	"prometheusrule-monitoring-v1":           monitoring.PrometheusRule{},
}

// Types that encode themselves.
var special = map[reflect.Type]schema{
	reflect.TypeOf(intstr.IntOrString{}): {"type": []string{"string", "integer"}},
	reflect.TypeOf(resource.Quantity{}):  {"type": []string{"string", "number"}},
	reflect.TypeOf(meta.Time{}):          {"type": []string{"string", "null"}},
	reflect.TypeOf(meta.MicroTime{}):     {"type": []string{"string", "null"}},
	reflect.TypeOf(meta.FieldsV1{}):      {"type": "object"},
}

func main() {
	folder := os.Args[1]
	must(os.MkdirAll(folder, 0o755))
	for name, value := range kinds {
		t := reflect.TypeOf(value)
		text, err := json.Marshal(of(t, map[reflect.Type]bool{}))
		must(err)
		must(os.WriteFile(filepath.Join(folder, name+".json"), text, 0o644))
	}
	fmt.Println(len(kinds), "schemas")
}

func of(t reflect.Type, open map[reflect.Type]bool) schema {
	if known, ok := special[t]; ok {
		return known
	}
	switch t.Kind() {
	case reflect.Ptr:
		return of(t.Elem(), open)
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return schema{"type": "integer"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return schema{"type": "string"}
		}
		return schema{"type": "array", "items": of(t.Elem(), open)}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": of(t.Elem(), open)}
	case reflect.Struct:
		// JSON schema properties of the operator hold themselves; beyond one turn anything goes.
		if open[t] {
			return schema{"type": "object"}
		}
		open[t] = true
		defer delete(open, t)
		properties, required := schema{}, []string{}
		fields(t, open, properties, &required)
		object := schema{"type": "object", "properties": properties, "additionalProperties": false}
		// The draft that kubeconform reads allows no empty list here.
		if len(required) > 0 {
			object["required"] = required
		}
		return object
	}
	return schema{}
}

func fields(t reflect.Type, open map[reflect.Type]bool, properties schema, required *[]string) {
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		if strings.Contains(options, "inline") || (field.Anonymous && name == "") {
			inner := field.Type
			if inner.Kind() == reflect.Ptr {
				inner = inner.Elem()
			}
			fields(inner, open, properties, required)
			continue
		}
		properties[name] = of(field.Type, open)
		empty := strings.Contains(options, "omitempty") || name == "status" || name == "metadata" || name == "strategy" || name == "resources" || name == "creationTimestamp"
		if !empty && field.Type.Kind() != reflect.Ptr {
			*required = append(*required, name)
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
