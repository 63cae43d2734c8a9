# ---------------------------------------------------------------------------------------------------------------------
# HTTP API
# ---------------------------------------------------------------------------------------------------------------------

variable "require_idempotency_key" {
  description = "Refuse POST and PATCH without an Idempotency-Key: a retried POST without one makes a second order."
  type        = bool
  default     = false
  nullable    = false
}

variable "api_authorization" {
  description = <<-EOT
    Who may call the API. Orders belong to whoever placed them: nobody else sees or changes them.
    - type: AWS_IAM (who signs with AWS credentials and may execute-api:Invoke) | JWT (who brings a token) | NONE (whoever
      knows the address; all of them are one owner)
    - issuer, audience: JWT only; who issues the tokens, and for whom (one of the audience is enough)
    - read_scopes, write_scopes: JWT only; a token needs one of them to GET and HEAD, and to POST or PATCH; empty asks for none
  EOT
  type = object({
    type         = string
    issuer       = optional(string)
    audience     = optional(list(string), [])
    read_scopes  = optional(list(string), [])
    write_scopes = optional(list(string), [])
  })
  default  = { type = "AWS_IAM" }
  nullable = false

  validation {
    condition     = var.api_authorization.type != "NONE" || !startswith(var.environment, "prod")
    error_message = "environment ${var.environment} takes no API that is open to all: set api_authorization to AWS_IAM, or to JWT with issuer and audience."
  }
}

variable "api_cors" {
  description = "Origins of browser applications that may call the API, such as https://app.example.com; null allows none."
  type = object({
    allow_origins     = set(string)
    allow_credentials = optional(bool, false)
    max_age_seconds   = optional(number, 300)
  })
  default = null
}

variable "api_throttling" {
  description = "Requests per second over all callers, and how many may come at once; above it API Gateway answers 429. `routes` (\"METHOD /path\") gives single routes other limits."
  type = object({
    rate_limit  = number
    burst_limit = number
    routes      = optional(map(object({ rate_limit = number, burst_limit = number })), {})
  })
  default  = { rate_limit = 100, burst_limit = 200 }
  nullable = false
}
