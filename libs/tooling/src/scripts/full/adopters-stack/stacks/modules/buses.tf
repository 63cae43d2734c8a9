resource "aws_cloudwatch_event_bus" "this" {
  name = "modules-bus"
  tags = local.tags
}

resource "aws_cloudwatch_event_permission" "other" {
  principal      = "099720109477"
  statement_id   = "canonical"
  action         = "events:PutEvents"
  event_bus_name = aws_cloudwatch_event_bus.this.name
}

resource "aws_cloudwatch_event_archive" "this" {
  name             = "modules-archive"
  description      = "some archive ${var.value}"
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = 1
  event_pattern    = jsonencode({ source = ["myapp.orders"] })
}

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "modules-orders"
  description    = "Capture all order data"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode({ source = ["myapp.orders"] })
  state          = var.value == "one" ? "ENABLED" : "DISABLED"
  tags           = local.tags
}

resource "aws_cloudwatch_event_target" "queue" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  target_id      = "send-orders-to-sqs"
  arn            = aws_sqs_queue.subscriber.arn
  dead_letter_config {
    arn = aws_sqs_queue.unencrypted.arn
  }
  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }
}

resource "aws_cloudwatch_event_target" "fifo" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  target_id      = "send-orders-to-fifo"
  arn            = aws_sqs_queue.fifo.arn
  sqs_target {
    message_group_id = "orders"
  }
  input_transformer {
    input_paths    = { order_id = "$.detail.order_id" }
    input_template = "{ \"id\": <order_id> }"
  }
}

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/events/modules"
  retention_in_days = 7
  tags              = local.tags
}

resource "aws_cloudwatch_event_target" "log" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  target_id      = "log-orders-to-cloudwatch"
  arn            = aws_cloudwatch_log_group.events.arn
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = "modules-events"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "${aws_cloudwatch_log_group.events.arn}:*"
    }]
  })
}

resource "aws_cloudwatch_event_rule" "crons" {
  name                = "modules-crons"
  description         = "Trigger for a function"
  schedule_expression = var.value == "one" ? "rate(5 minutes)" : "cron(0 12 * * ? *)"
}

resource "aws_cloudwatch_event_target" "crons" {
  rule      = aws_cloudwatch_event_rule.crons.name
  target_id = "function-loves-cron"
  arn       = aws_lambda_function.this.arn
  input     = jsonencode({ job = "cron-by-rate" })
}

resource "aws_scheduler_schedule_group" "this" {
  name = "modules"
  tags = local.tags
}

resource "aws_iam_role" "events" {
  name = "modules-events"
  path = "/tf-managed/"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = ["scheduler.amazonaws.com", "pipes.amazonaws.com"] }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_policy" "events" {
  name = "modules-events"
  path = "/tf-managed/"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.this.arn },
      { Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource = aws_sqs_queue.unencrypted.arn },
      { Effect = "Allow", Action = "events:PutEvents", Resource = aws_cloudwatch_event_bus.this.arn },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "events" {
  role       = aws_iam_role.events.name
  policy_arn = aws_iam_policy.events.arn
}

resource "aws_scheduler_schedule" "this" {
  name                         = "modules-cron"
  group_name                   = aws_scheduler_schedule_group.this.name
  schedule_expression          = "cron(0 1 * * ? *)"
  schedule_expression_timezone = "Europe/London"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.this.arn
    role_arn = aws_iam_role.events.arn
    input    = jsonencode({ job = var.value })
  }
  depends_on = [aws_iam_role_policy_attachment.events]
}

resource "aws_pipes_pipe" "queue" {
  name       = "modules-queue"
  role_arn   = aws_iam_role.events.arn
  source     = aws_sqs_queue.unencrypted.arn
  target     = aws_cloudwatch_event_bus.this.arn
  enrichment = aws_lambda_function.this.arn
  source_parameters {
    filter_criteria {
      filter {
        pattern = jsonencode({ body = { kind = [var.value] } })
      }
    }
    sqs_queue_parameters {
      batch_size                         = var.value == "one" ? 5 : 10
      maximum_batching_window_in_seconds = 1
    }
  }
  target_parameters {
    eventbridge_event_bus_parameters {
      detail_type = "Received"
      source      = "myapp.queue"
    }
  }
  depends_on = [aws_iam_role_policy_attachment.events]
}
