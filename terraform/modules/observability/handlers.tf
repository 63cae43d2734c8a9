# What can go wrong with whoever takes events from a queue: consumers and the acknowledger alike.
locals {
  handler_alarms = merge([for name, handler in var.handlers : {
    for symptom, alarm in {
      errors = {
        description = "The function throws, crashes or times out."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = { FunctionName = handler.function_name }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        period      = local.five_minutes
        datapoints  = [1, 1]
      }
      throttles = {
        description = "The function is throttled: its own or the account's concurrency is used up."
        namespace   = "AWS/Lambda"
        metric      = "Throttles"
        dimensions  = { FunctionName = handler.function_name }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        period      = local.five_minutes
        datapoints  = [2, 3]
      }
      near-timeout = {
        description = "Batches take nearly as long as the function may run."
        namespace   = "AWS/Lambda"
        metric      = "Duration"
        dimensions  = { FunctionName = handler.function_name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = 10 * handler.timeout_seconds * var.thresholds.near_timeout_percent # milliseconds
        period      = local.five_minutes
        datapoints  = [1, 1]
      }
      # Nothing is delivered and so no lag is told. SQS leaves out what was received more than three times: that is the lag's.
      stalled = {
        description = "Messages wait in the queue and nobody takes them."
        namespace   = "AWS/SQS"
        metric      = "ApproximateAgeOfOldestMessage"
        dimensions  = { QueueName = handler.queue_name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = var.thresholds.consumer_lag_seconds
        period      = local.five_minutes
        datapoints  = [1, 1]
      }
      dlq = {
        description = "Messages were set aside in the dead-letter queue."
        namespace   = "AWS/SQS"
        metric      = "ApproximateNumberOfMessagesVisible"
        dimensions  = { QueueName = handler.dlq_name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        period      = local.minute
        datapoints  = [1, 1]
      }
      rule-failed = {
        description = "The rule gave up delivering an event to the queue; it is in the dead-letter queue."
        namespace   = "AWS/Events"
        metric      = "FailedInvocations"
        dimensions  = { EventBusName = var.event_bus_name, RuleName = handler.rule_name }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        period      = local.five_minutes
        datapoints  = [1, 1]
      }
      # One datapoint of an hour: what was lost stays lost until a person acts.
      rule-lost = {
        description = "The rule could not even put an event into the dead-letter queue: this consumer has lost it."
        namespace   = "AWS/Events"
        metric      = "InvocationsFailedToBeSentToDlq"
        dimensions  = { EventBusName = var.event_bus_name, RuleName = handler.rule_name }
        statistic   = "Sum"
        comparison  = "GreaterThanThreshold"
        threshold   = 0
        period      = local.five_minutes
        datapoints  = [1, 12]
      }
      # The library catches what a consumer throws, so `errors` doesn't see it. An event's third attempt comes within seconds
      # of its first: one event that keeps failing is enough, one that failed by accident is done by then.
      failing = handler.consumer ? {
        description = "Events fail again and again: whatever the consumer does for them throws."
        namespace   = var.metrics_namespace
        metric      = "FailedRepeatedly"
        dimensions  = { service = name, function_name = handler.function_name }
        statistic   = "Sum"
        comparison  = "GreaterThanOrEqualToThreshold"
        threshold   = var.thresholds.consumer_failures
        period      = local.minute
        datapoints  = [1, 1]
      } : null
      # The acknowledger's lag is the publish lag, and no effect is its own.
      lag = handler.consumer ? {
        description = "Events take long from their commit to their effect, or wait for it in vain."
        namespace   = var.metrics_namespace
        metric      = "ConsumerLag"
        dimensions  = { service = name, function_name = handler.function_name }
        statistic   = "Maximum"
        comparison  = "GreaterThanThreshold"
        threshold   = 1000 * var.thresholds.consumer_lag_seconds
        period      = local.five_minutes
        datapoints  = [1, 1]
      } : null
      late = handler.consumer ? {
        description = "The objective is missed: within an hour, fewer than ${var.objective_percent} % of the events took effect in time."
        namespace   = var.metrics_namespace
        metric      = "OnTime"
        dimensions  = { service = name, function_name = handler.function_name }
        statistic   = "Average"
        comparison  = "LessThanThreshold"
        threshold   = var.objective_percent
        period      = local.hour
        datapoints  = [1, 1]
        section     = "objective-missed"
      } : null
    } : "${name}-${symptom}" => merge({ section = "consumer-${symptom}" }, alarm) if alarm != null
  }]...)

  hour = 3600
}
