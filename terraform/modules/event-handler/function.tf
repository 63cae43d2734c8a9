locals {
  # The two URLs differ by name only. Taken from the DLQ's, the function needn't wait for the queue (25 s by the provider).
  queue_url = trimsuffix(module.dlq.url, "-dlq")
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

module "function" {
  source = "../lambda-function"

  name        = local.name
  service     = var.name
  package     = var.package
  description = var.description
  location    = var.location

  policy_statements = concat(
    [
      {
        sid       = "PollQueue"
        actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        resources = [local.queue_arn]
      },
      {
        sid       = "DeadLetter"
        actions   = ["sqs:SendMessage"]
        resources = [module.dlq.built_arn]
      },
    ],
    var.policy_statements,
  )

  encryption_key = var.encryption_key
  # It reads its queue, and writes to the DLQ itself.
  key_actions = merge({ sqs = ["kms:Decrypt", "kms:GenerateDataKey"] }, var.key_actions)

  settings = var.function_settings

  environment = merge(
    var.environment,
    { DLQ_URL = module.dlq.url },
    { for name, url in { QUEUE_URL = local.queue_url } : name => url if var.needs_queue_url },
  )
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = aws_sqs_queue.this.arn
  function_name    = module.function.alias_arn
  enabled          = !var.queue_settings.paused

  batch_size                         = var.queue_settings.batch_size
  maximum_batching_window_in_seconds = var.queue_settings.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  # Without it a backlog takes all of the account's concurrency, the API's share included.
  scaling_config {
    maximum_concurrency = var.queue_settings.maximum_concurrency
  }
}
