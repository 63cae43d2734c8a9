output "key_arn" {
  description = "ARN of the key: the created one, or the given one once it is known to be usable."
  value       = var.key_arn == null ? aws_kms_key.this[0].arn : data.aws_kms_key.given[0].arn
}

output "policy_json" {
  description = "Policy of the created key; a given key's policy has to allow the same."
  value       = local.policy
}
