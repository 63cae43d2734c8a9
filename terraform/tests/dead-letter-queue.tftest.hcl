mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name     = "outbox-notifications-dlq"
  location = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
}

run "of_a_queue_and_its_rule" {
  command = plan
  module {
    source = "./modules/dead-letter-queue"
  }
  variables {
    source_queue_arns = ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"]
    rule_arn          = "arn:aws:events:eu-west-1:111122223333:rule/outbox-events/outbox-notifications"
  }

  assert {
    condition = jsondecode(aws_sqs_queue.this.policy).Statement == [
      {
        Sid       = "RuleDeadLetters"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"
        Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:events:eu-west-1:111122223333:rule/outbox-events/outbox-notifications" } }
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
    error_message = "The DLQ takes what the rule can't deliver, and speaks TLS only."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = ["arn:aws:sqs:eu-west-1:111122223333:outbox-notifications"] }
    error_message = "No other queue may use the DLQ."
  }
}

run "of_a_service" {
  command = plan
  module {
    source = "./modules/dead-letter-queue"
  }

  assert {
    condition = jsondecode(aws_sqs_queue.this.policy).Statement == [{
      Sid       = "OnlyTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "The DLQ is spoken to over TLS only."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_allow_policy) == { redrivePermission = "denyAll" }
    error_message = "No queue may use it."
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.this.message_retention_seconds == 1209600
    error_message = "The DLQ is encrypted and keeps its messages as long as SQS can."
  }

  assert {
    condition     = output.name == "outbox-notifications-dlq" && output.built_arn == "arn:aws:sqs:eu-west-1:111122223333:outbox-notifications-dlq"
    error_message = "Its name and ARN are known before it is there."
  }
}

run "under_a_key" {
  command = plan
  module {
    source = "./modules/dead-letter-queue"
  }
  variables {
    encryption_key = { arn = "arn:aws:kms:eu-west-1:111122223333:key/k" }
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == "arn:aws:kms:eu-west-1:111122223333:key/k"
    error_message = "The queue is under the key."
  }
}

run "no_name_of_a_queue" {
  command = plan
  module {
    source = "./modules/dead-letter-queue"
  }
  variables {
    name = "a queue"
  }
  expect_failures = [var.name]
}
