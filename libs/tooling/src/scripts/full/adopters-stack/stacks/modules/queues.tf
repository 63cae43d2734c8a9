resource "aws_sqs_queue" "default" {
  name                       = "modules-default"
  delay_seconds              = 5
  max_message_size           = 65536
  message_retention_seconds  = 86400
  receive_wait_time_seconds  = 10
  visibility_timeout_seconds = var.value == "one" ? 30 : 60
  tags                       = local.tags
}

resource "aws_sqs_queue" "fifo_dead" {
  name                        = "modules-dlq.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  tags                        = local.tags
}

resource "aws_sqs_queue" "fifo" {
  name                        = "modules.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"
  tags                        = local.tags
}

resource "aws_sqs_queue_redrive_policy" "fifo" {
  queue_url = aws_sqs_queue.fifo.url
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.fifo_dead.arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "fifo_dead" {
  queue_url = aws_sqs_queue.fifo_dead.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.fifo.arn]
  })
}

resource "aws_sqs_queue" "unencrypted" {
  name                    = "modules-unencrypted"
  sqs_managed_sse_enabled = false
}

resource "aws_sqs_queue" "keyed" {
  name_prefix                       = "modules-keyed-"
  kms_master_key_id                 = aws_kms_key.shared.key_id
  kms_data_key_reuse_period_seconds = 3600
  tags                              = local.tags
}

data "aws_iam_policy_document" "account" {
  statement {
    sid       = "AccountReadWrite"
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.default.arn]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.here.partition}:iam::${local.account}:root"]
    }
  }
}

resource "aws_sqs_queue_policy" "default" {
  queue_url = aws_sqs_queue.default.url
  policy    = data.aws_iam_policy_document.account.json
}
