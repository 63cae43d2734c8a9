# ---------------------------------------------------------------------------------------------------------------------
# API
# ---------------------------------------------------------------------------------------------------------------------

output "api_id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

# The API's own attribute: the stage's invoke_url is computed by the provider, and points to AWS wherever the API is.
output "api_endpoint" {
  description = "Address of the API; its one stage is $default, so paths follow directly."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "execution_arn" {
  description = "What callers are granted execute-api:Invoke on, followed by /*/METHOD/path."
  value       = aws_apigatewayv2_api.this.execution_arn
}
