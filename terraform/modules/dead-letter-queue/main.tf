locals {
  # Built from the name: the queue's own policy names it.
  arn = "arn:${var.location.partition}:sqs:${var.location.region}:${var.location.account_id}:${var.name}"

  rules = [for rule_arn in var.rule_arn[*] : {
    Sid       = "RuleDeadLetters"
    Effect    = "Allow"
    Principal = { Service = "events.amazonaws.com" }
    Action    = "sqs:SendMessage"
    Resource  = local.arn
    Condition = { ArnEquals = { "aws:SourceArn" = rule_arn } }
  }]
}

resource "aws_sqs_queue" "this" {
  name                      = var.name
  message_retention_seconds = 1209600 # 14 days, SQS's most: redriving needs people
  sqs_managed_sse_enabled   = var.encryption_key == null ? true : null
  kms_master_key_id         = one(var.encryption_key[*].arn)

  redrive_allow_policy = jsonencode(merge(
    { redrivePermission = length(var.source_queue_arns) == 0 ? "denyAll" : "byQueue" },
    { for key, arns in { sourceQueueArns = var.source_queue_arns } : key => arns if length(arns) > 0 },
  ))

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.rules, [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = local.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }])
  })
}
