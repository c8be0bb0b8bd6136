{{- define "plumbline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "plumbline.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "plumbline.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "plumbline.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "plumbline.selectorLabels" -}}
app.kubernetes.io/name: {{ include "plumbline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "plumbline.labels" -}}
{{ include "plumbline.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "plumbline.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "plumbline.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "plumbline.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ required "serviceAccount.name is needed when serviceAccount.create is false" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* The monitor's own name: the label by which rules and boards tell one monitor from another. */}}
{{- define "plumbline.monitor" -}}
{{- required "config.instance.name is needed: the name of this monitor" (.Values.config.instance | default dict).name -}}
{{- end -}}

{{/* What is written to plumbline.yaml: the values, with the port and the includes that the chart decides. */}}
{{- define "plumbline.config" -}}
{{- $_ := include "plumbline.monitor" . -}}
{{- $source := .Values.config.source | default dict -}}
{{- if not ($source.kafka | default dict).brokers -}}
{{- fail "config.source.kafka.brokers is needed: bootstrap brokers as host:port" -}}
{{- end -}}
{{- $config := deepCopy .Values.config -}}
{{- $server := merge (dict "host" "0.0.0.0" "port" .Values.port "apiPort" .Values.apiPort) (default dict $config.server) -}}
{{- if $server.auth -}}
{{- $_ := set $server "apiHost" (default "0.0.0.0" $server.apiHost) -}}
{{- end -}}
{{- $_ := set $config "store" (merge (default dict $config.store) (dict "path" "/data/evidence.db")) -}}
{{- $_ := set $config "server" $server -}}
{{- if .Values.teamConfigMaps -}}
{{- $_ := set $config "include" "conf.d/*.yaml" -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The volumes, mounts and environment that every container of the program has. */}}
{{- define "plumbline.volumes" -}}
- name: config
  configMap:
    name: {{ include "plumbline.fullname" . }}
{{- with .Values.teamConfigMaps }}
- name: teams
  projected:
    sources:
      {{- range . }}
      - configMap:
          name: {{ . }}
      {{- end }}
{{- end }}
{{- with .Values.existingSecretFiles }}
- name: secrets
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
- name: tmp
  emptyDir: {}
{{- end -}}

{{- define "plumbline.volumeMounts" -}}
- name: config
  mountPath: /etc/plumbline/plumbline.yaml
  subPath: plumbline.yaml
  readOnly: true
{{- if .Values.teamConfigMaps }}
- name: teams
  mountPath: /etc/plumbline/conf.d
  readOnly: true
{{- end }}
{{- if .Values.existingSecretFiles }}
- name: secrets
  mountPath: /etc/plumbline/secrets
  readOnly: true
{{- end }}
- name: data
  mountPath: /data
- name: tmp
  mountPath: /tmp
{{- end -}}

{{- define "plumbline.env" -}}
{{- with .Values.existingSecret }}
envFrom:
  - secretRef:
      name: {{ . }}
{{- end }}
{{- with .Values.extraEnv }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "plumbline.podSettings" -}}
serviceAccountName: {{ include "plumbline.serviceAccountName" . }}
automountServiceAccountToken: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Text of a generated file with the addresses of this installation. */}}
{{- define "plumbline.rules" -}}
{{- .Files.Get "generated/rules.yaml" | replace "https://plumbline.example/runbooks" (.Values.rules.runbookBaseUrl | trimSuffix "/") | replace "https://grafana.example" (.Values.rules.grafanaUrl | trimSuffix "/") -}}
{{- end -}}
