resource "aws_cloudwatch_event_bus" "this" {
  name = local.name
}

resource "aws_cloudwatch_event_archive" "this" {
  name             = local.name
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = 7
}

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "${local.name}-orders"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode({ source = ["shop"], detail-type = ["OrderPlaced"] })
}

resource "aws_sqs_queue" "dead" {
  name = "${local.name}-dead"
}

resource "aws_cloudwatch_event_target" "worker" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_lambda_function.this["worker"].arn
  input_transformer {
    input_paths    = { id = "$.detail.id", total = "$.detail.total" }
    input_template = "{\"order\": <id>, \"total\": <total>, \"from\": \"rule\"}"
  }
  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }
}

resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["worker"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.orders.arn
}

resource "aws_cloudwatch_log_group" "events" {
  name              = "/aws/events/${local.name}"
  retention_in_days = 3
}

resource "aws_cloudwatch_event_target" "log" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_cloudwatch_log_group.events.arn
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name = local.name
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

resource "aws_cloudwatch_event_rule" "parameters" {
  name          = "${local.name}-parameters"
  event_pattern = jsonencode({ source = ["aws.ssm"], detail = { name = ["/${local.name}/watched"] } })
}

resource "aws_sqs_queue" "parameters" {
  name = "${local.name}-parameters"
}

resource "aws_sqs_queue_policy" "events" {
  for_each  = { dead = aws_sqs_queue.dead, parameters = aws_sqs_queue.parameters }
  queue_url = each.value.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = each.value.arn
    }]
  })
}

resource "aws_cloudwatch_event_target" "parameters" {
  rule = aws_cloudwatch_event_rule.parameters.name
  arn  = aws_sqs_queue.parameters.arn
}

resource "aws_iam_role" "schedule" {
  name = "${local.name}-schedule"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "scheduler.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name = "invoke"
  role = aws_iam_role.schedule.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.this["nightly"].arn }]
  })
}

resource "aws_scheduler_schedule_group" "this" {
  name = local.name
}

resource "aws_scheduler_schedule" "nightly" {
  name                = "${local.name}-nightly"
  group_name          = aws_scheduler_schedule_group.this.name
  schedule_expression = "rate(1 hour)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_lambda_function.this["nightly"].arn
    role_arn = aws_iam_role.schedule.arn
    input    = jsonencode({ job = "nightly" })
  }
  depends_on = [aws_iam_role_policy.schedule]
}
