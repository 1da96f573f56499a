{{- define "trivium.labels" -}}
app.kubernetes.io/name: trivium
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "trivium.fullname" -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}-trivium
{{- end }}
