resource "aws_sns_topic" "default" {
  name              = "modules-default"
  display_name      = "complete ${var.value}"
  kms_master_key_id = aws_kms_key.shared.key_id
  tags              = local.tags
}

data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "pub"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.default.arn]
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.here.partition}:iam::${local.account}:root"]
    }
  }
  statement {
    sid       = "sub"
    actions   = ["sns:Subscribe"]
    resources = [aws_sns_topic.default.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringLike"
      variable = "sns:Endpoint"
      values   = [aws_sqs_queue.subscriber.arn]
    }
  }
}

resource "aws_sns_topic_policy" "default" {
  arn    = aws_sns_topic.default.arn
  policy = data.aws_iam_policy_document.topic.json
}

resource "aws_sqs_queue" "subscriber" {
  name = "modules-subscriber"
}

data "aws_iam_policy_document" "subscriber" {
  statement {
    sid       = "SNS"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.subscriber.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.default.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "subscriber" {
  queue_url = aws_sqs_queue.subscriber.url
  policy    = data.aws_iam_policy_document.subscriber.json
}

resource "aws_sns_topic_subscription" "subscriber" {
  topic_arn            = aws_sns_topic.default.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.subscriber.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ kind = [var.value, { prefix = "order" }] })
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.default.arn })
}
