# What can go wrong between the API and the bus, and with the sweeper. Each has its section in the runbook.
locals {
  minute       = 60
  five_minutes = 300

  pipeline_alarms = {
    api-errors = {
      description = "The API answers 5xx."
      namespace   = "AWS/ApiGateway"
      metric      = "5xx"
      dimensions  = { ApiId = var.api_id, Stage = "$default" }
      statistic   = "Sum"
      comparison  = "GreaterThanOrEqualToThreshold"
      threshold   = var.thresholds.api_errors
      period      = local.five_minutes
      datapoints  = [1, 1]
    }
    api-latency = {
      description = "The API is slow, a quarter of an hour long."
      namespace   = "AWS/ApiGateway"
      metric      = "Latency"
      dimensions  = { ApiId = var.api_id, Stage = "$default" }
      percentile  = "p99"
      comparison  = "GreaterThanThreshold"
      threshold   = var.thresholds.api_latency_ms
      period      = local.five_minutes
      datapoints  = [3, 3]
    }
    relay-lag = {
      description = "Events take long from their commit to the pipe's relay."
      namespace   = var.metrics_namespace
      metric      = "RelayLag"
      dimensions  = { service = "outbox-relay", function_name = var.functions.relay }
      percentile  = "p99"
      comparison  = "GreaterThanThreshold"
      threshold   = 1000 * var.thresholds.relay_lag_seconds
      period      = local.five_minutes
      datapoints  = [1, 1]
    }
    pipe-failed = {
      description = "Executions of the pipe fail: the relay throws, or the bus can't be reached."
      namespace   = "AWS/EventBridge/Pipes"
      metric      = "ExecutionFailed"
      dimensions  = { PipeName = var.pipe_name }
      statistic   = "Sum"
      comparison  = "GreaterThanOrEqualToThreshold"
      threshold   = var.thresholds.pipe_failures
      period      = local.five_minutes
      datapoints  = [1, 1]
    }
    pipe-throttled = {
      description = "Executions of the pipe are throttled."
      namespace   = "AWS/EventBridge/Pipes"
      metric      = "ExecutionThrottled"
      dimensions  = { PipeName = var.pipe_name }
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = local.five_minutes
      datapoints  = [2, 3]
    }
    pipe-dlq = {
      description = "The pipe has given up on a record of the stream; its event is still in the table."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = var.pipe_dlq_name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = local.minute
      datapoints  = [1, 1]
    }
    publish-lag = {
      description = "Events take long from their commit until they are seen on the bus: the pipe is stopped or behind, or the acknowledger is."
      namespace   = var.metrics_namespace
      metric      = "PublishLag"
      dimensions  = { service = "outbox-acknowledger", function_name = var.functions.acknowledger }
      percentile  = "p99"
      comparison  = "GreaterThanThreshold"
      threshold   = 1000 * var.thresholds.publish_lag_seconds
      period      = local.five_minutes
      datapoints  = [1, 1]
    }
    # Missing data is the sweeper not running, which has an alarm of its own: meanwhile this one stays as it was.
    oldest-unpublished = {
      description = "An event is unpublished for long, though the sweeper publishes what is due."
      namespace   = var.metrics_namespace
      metric      = "OldestUnpublishedAge"
      dimensions  = { service = "outbox-sweeper", function_name = var.functions.sweeper }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 1000 * var.thresholds.oldest_unpublished_seconds
      period      = local.minute
      datapoints  = [2, 2]
      missing     = "ignore"
    }
    # One datapoint of an hour: it is about something that stays wrong until a person acts.
    failed-items = {
      description = "The sweeper has given up on an event after its last attempt."
      namespace   = var.metrics_namespace
      metric      = "EventsFailed"
      dimensions  = { service = "outbox-sweeper", function_name = var.functions.sweeper }
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = local.five_minutes
      datapoints  = [1, 12]
    }
    sweeper-silent = {
      description = "The sweeper has not run for five minutes."
      namespace   = var.metrics_namespace
      metric      = "SweepRuns"
      dimensions  = { service = "outbox-sweeper", function_name = var.functions.sweeper }
      statistic   = "Sum"
      comparison  = "LessThanThreshold"
      threshold   = 1
      period      = local.minute
      datapoints  = [5, 5]
      missing     = "breaching"
    }
    sweeper-errors = {
      description = "Sweeps fail or end incomplete."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = var.functions.sweeper }
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = local.five_minutes
      datapoints  = [1, 1]
    }
    sweeper-dlq = {
      description = "A sweep could not be started."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = var.sweeper_dlq_name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = local.minute
      datapoints  = [1, 1]
    }
  }
}
