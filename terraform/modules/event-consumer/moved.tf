# Stacks from before modules/event-handler keep what it took over.

moved {
  from = aws_sqs_queue.this
  to   = module.handler.aws_sqs_queue.this
}

moved {
  from = aws_sqs_queue.dlq
  to   = module.handler.aws_sqs_queue.dlq
}

moved {
  from = aws_cloudwatch_event_rule.this
  to   = module.handler.aws_cloudwatch_event_rule.this
}

moved {
  from = aws_cloudwatch_event_target.queue
  to   = module.handler.aws_cloudwatch_event_target.queue
}

moved {
  from = module.function
  to   = module.handler.module.function
}

moved {
  from = aws_lambda_event_source_mapping.this
  to   = module.handler.aws_lambda_event_source_mapping.this
}
