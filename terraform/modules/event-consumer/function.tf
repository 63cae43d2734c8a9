locals {
  # The two URLs differ by name only. Taken from the DLQ's, the function needn't wait for the queue (25 s by the provider).
  queue_url = trimsuffix(aws_sqs_queue.dlq.url, "-dlq")

  # once and latest do with one conditional write.
  write_one = [{ sid = "WriteEffect", actions = ["dynamodb:PutItem"], resources = [local.table_arn] }]

  # in-order reads its head, commits head and effect together, and parks what comes too early. DynamoDB authorises a
  # transaction by its parts; the condition takes the single PutItem away.
  write_in_order = [
    {
      sid       = "ReadHead"
      actions   = ["dynamodb:GetItem"]
      resources = [local.table_arn]
    },
    {
      sid        = "CommitHeadWithEffect"
      actions    = ["dynamodb:PutItem"]
      resources  = [local.table_arn]
      conditions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
    },
    {
      sid       = "Park"
      actions   = ["sqs:ChangeMessageVisibility"]
      resources = [local.queue_arn]
    },
  ]

  policy_statements = {
    once     = local.write_one
    in-order = local.write_in_order
    latest   = local.write_one
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

module "function" {
  source = "../lambda-function"

  name        = local.name
  app         = var.name
  description = "Consumer of events, policy ${var.policy}"
  location    = var.location

  log_retention_days = var.log_retention_days
  log_level          = var.log_level

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
        resources = [local.dlq_arn]
      },
    ],
    local.policy_statements[var.policy],
  )

  artifacts_dir   = var.artifacts_dir
  memory_size     = var.memory_size
  timeout_seconds = var.timeout_seconds

  environment = merge(
    {
      CONSUMER_NAME        = var.name
      CONSUMER_POLICY      = var.policy
      CONSUMER_TABLE_NAME  = aws_dynamodb_table.this.name
      QUEUE_URL            = local.queue_url
      DLQ_URL              = aws_sqs_queue.dlq.url
      INBOX_RETENTION_DAYS = tostring(var.inbox_retention_days)
    },
    { for name, value in {
      PARK_BUDGET_SECONDS = tostring(var.park_budget_seconds)
      IN_ORDER_START      = var.in_order_start
    } : name => value if var.policy == "in-order" },
  )
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = aws_sqs_queue.this.arn
  function_name    = module.function.function_arn

  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  dynamic "scaling_config" {
    for_each = var.maximum_concurrency == null ? [] : [var.maximum_concurrency]

    content {
      maximum_concurrency = scaling_config.value
    }
  }
}
