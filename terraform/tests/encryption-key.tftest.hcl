# A customer managed key: who may use it, and what is under it. That nothing of it is there without one, and which keys are
# refused, is in root.tftest.hcl.

mock_provider "aws" {
  source = "./tests/mocks"
}

# Its values are known in a plan, so that what is made of them can be looked at without an apply.
mock_provider "aws" {
  alias           = "known"
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  artifacts_dir = "./tests/fixtures"
  carrier_url   = "https://carrier.example.com"
  mail_url      = "https://mail.example.com"
}

run "created" {
  command   = plan
  providers = { aws = aws.known }
  variables {
    encryption_key = "create"
  }

  assert {
    condition     = output.encryption_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-4333-8444-555555555555"
    error_message = "`create` makes a key."
  }

  assert {
    condition = jsondecode(output.encryption_key_policy) == {
      Version = "2012-10-17"
      Statement = [
        {
          Sid       = "PoliciesOfThisAccount"
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::111122223333:root" }
          Action    = "kms:*"
          Resource  = "*"
        },
        {
          Sid       = "EventBridgeLooksAtTheKey"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = "kms:DescribeKey"
          Resource  = "*"
        },
        {
          Sid       = "EventBridgeEncryptsTheBus"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
          Resource  = "*"
          Condition = {
            StringEquals = {
              "aws:SourceAccount"                              = "111122223333"
              "kms:EncryptionContext:aws:events:event-bus:arn" = "arn:aws:events:eu-west-1:111122223333:event-bus/outbox-events"
            }
          }
        },
        {
          Sid       = "RulesSendToQueues"
          Effect    = "Allow"
          Principal = { Service = "events.amazonaws.com" }
          Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
          Resource  = "*"
          Condition = {
            ArnLike = { "kms:EncryptionContext:aws:sqs:arn" = "arn:aws:sqs:eu-west-1:111122223333:outbox-*" }
          }
        },
        {
          Sid       = "LogsEncryptLogGroups"
          Effect    = "Allow"
          Principal = { Service = "logs.eu-west-1.amazonaws.com" }
          Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
          Resource  = "*"
          Condition = {
            ArnLike = {
              "kms:EncryptionContext:aws:logs:arn" = [
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/outbox-*",
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/apis/outbox*",
                "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/pipes/outbox-*",
              ]
            }
          }
        },
      ]
    }
    error_message = "The key's policy opens it to the account's policies, and to EventBridge and CloudWatch Logs for what is this stack's."
  }

  assert {
    condition = {
      for name, function in {
        orders-api          = module.orders_api
        order-query         = module.order_query[0]
        outbox-acknowledger = module.outbox.functions["outbox-acknowledger"]
        outbox-sweeper      = module.outbox.functions["outbox-sweeper"]
        fulfilment          = module.consumers["fulfilment"]
        notifications       = module.consumers["notifications"]
      } :
      name => join(" ", [
        for s in jsondecode(function.key_policy_json).Statement :
        "${s.Condition.StringEquals["kms:ViaService"]}: ${join(",", s.Action)}" if s.Resource[0] == output.encryption_key_arn
      ])
      } == {
      orders-api          = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt"
      order-query         = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt"
      outbox-acknowledger = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt sqs.eu-west-1.amazonaws.com: kms:Decrypt,kms:GenerateDataKey"
      outbox-sweeper      = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt"
      fulfilment          = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt sqs.eu-west-1.amazonaws.com: kms:Decrypt,kms:GenerateDataKey"
      notifications       = "dynamodb.eu-west-1.amazonaws.com: kms:Decrypt sqs.eu-west-1.amazonaws.com: kms:Decrypt,kms:GenerateDataKey"
    }
    error_message = "Functions use the key through the services whose data they use, and for nothing else."
  }

  assert {
    condition     = module.outbox.functions["outbox-relay"].key_policy_json == null
    error_message = "The relay uses no data of others: it needs nothing of the key."
  }
}

run "further_statements" {
  command = plan
  variables {
    encryption_key        = "create"
    key_policy_statements = [{ sid = "Administrators", principals = { AWS = ["arn:aws:iam::111122223333:role/keys"] }, actions = ["kms:DescribeKey", "kms:DisableKey"] }]
  }

  assert {
    condition = reverse(jsondecode(output.encryption_key_policy).Statement)[0] == {
      Sid       = "Administrators"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::111122223333:role/keys"] }
      Action    = ["kms:DescribeKey", "kms:DisableKey"]
      Resource  = "*"
    }
    error_message = "The key's policy takes further statements."
  }
}

run "brought_along" {
  command   = plan
  providers = { aws = aws.known }
  variables {
    encryption_key = "arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-4333-8444-555555555555"
  }

  assert {
    condition     = output.encryption_key_arn == var.encryption_key && output.encryption_key_policy != null
    error_message = "A key of one's own is used as it is; what its policy has to allow is told."
  }

  assert {
    condition     = [for sse in aws_dynamodb_table.orders.server_side_encryption : [sse.enabled, sse.kms_key_arn]] == [[true, var.encryption_key]]
    error_message = "The orders table is under the key."
  }
}

run "brought_along_but_disabled" {
  command = plan
  module {
    source = "./modules/encryption-key"
  }
  variables {
    key_arn                 = "arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-4333-8444-555555555555"
    alias                   = "outbox"
    location                = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    event_bus_name          = "outbox-events"
    queue_name_prefix       = "outbox-"
    log_group_name_prefixes = ["/aws/lambda/outbox-"]
  }
  override_data {
    target = data.aws_kms_key.given[0]
    values = { enabled = false }
  }
  expect_failures = [data.aws_kms_key.given]
}

run "key_itself" {
  command = plan
  module {
    source = "./modules/encryption-key"
  }
  variables {
    alias                   = "outbox"
    location                = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    event_bus_name          = "outbox-events"
    queue_name_prefix       = "outbox-"
    log_group_name_prefixes = ["/aws/lambda/outbox-"]
    deletion_window_days    = 7
  }

  assert {
    condition = {
      rotates = aws_kms_key.this[0].enable_key_rotation
      window  = aws_kms_key.this[0].deletion_window_in_days
      alias   = aws_kms_alias.this[0].name
      policy  = aws_kms_key.this[0].policy == output.policy_json
    } == { rotates = true, window = 7, alias = "alias/outbox", policy = true }
    error_message = "The key rotates, can be had back for a while after a destroy, and has a name."
  }
}

run "key_of_another_region" {
  command = plan
  module {
    source = "./modules/encryption-key"
  }
  variables {
    key_arn                 = "arn:aws:kms:us-east-1:111122223333:key/99999999-2222-4333-8444-555555555555"
    alias                   = "outbox"
    location                = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    event_bus_name          = "outbox-events"
    queue_name_prefix       = "outbox-"
    log_group_name_prefixes = ["/aws/lambda/outbox-"]
  }
  expect_failures = [var.key_arn]
}

run "alarms_by_email_are_under_the_key" {
  command = plan
  variables {
    encryption_key = "arn:aws:kms:eu-west-1:111122223333:key/99999999-2222-4333-8444-555555555555"
    alarm_email    = "team@example.com"
  }

  assert {
    condition = jsondecode(output.encryption_key_policy).Statement[5] == {
      Sid       = "AlarmsNotify"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }
    error_message = "CloudWatch tells the topic of alarms, which is under the key."
  }
}

run "key_for_everything" {
  command = plan
  module {
    source = "./modules/encryption-key"
  }
  variables {
    alias                   = "aws/sqs"
    location                = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    event_bus_name          = "outbox-events"
    queue_name_prefix       = ""
    log_group_name_prefixes = []
    deletion_window_days    = 31
  }
  expect_failures = [var.alias, var.queue_name_prefix, var.log_group_name_prefixes, var.deletion_window_days]
}

run "functions_get_no_other_use_of_the_key" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    name        = "outbox-outbox-relay"
    service     = "outbox-relay"
    package     = "./tests/fixtures/outbox-relay/outbox-relay.zip"
    location    = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    key_actions = { sqs = ["kms:ScheduleKeyDeletion"] }
  }
  expect_failures = [var.key_actions]
}

run "under_the_key" {
  command = plan
  module {
    source = "./modules/event-handler"
  }
  variables {
    name           = "audit"
    name_prefix    = "outbox"
    description    = "test"
    location       = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
    package        = "./tests/fixtures/audit/audit.zip"
    event_bus_name = "outbox-events"
    event_source   = "orders"
    encryption_key = { arn = "arn:aws:kms:eu-west-1:111122223333:key/k" }
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == var.encryption_key.arn && module.dlq.under_key == var.encryption_key.arn
    error_message = "The queue and its DLQ are under the key."
  }
}

run "outbox_under_the_key" {
  command = plan
  module {
    source = "./modules/outbox"
  }
  variables {
    name           = "outbox"
    event_source   = "orders"
    event_targets  = ["t"]
    functions_dir  = "./tests/fixtures"
    encryption_key = { arn = "arn:aws:kms:eu-west-1:111122223333:key/k" }
  }

  assert {
    condition     = [for sse in aws_dynamodb_table.this.server_side_encryption : [sse.enabled, sse.kms_key_arn]] == [[true, "arn:aws:kms:eu-west-1:111122223333:key/k"]]
    error_message = "The table is under the key."
  }

  assert {
    condition = {
      bus         = aws_cloudwatch_event_bus.this[0].kms_key_identifier
      pipe        = aws_pipes_pipe.this.kms_key_identifier
      pipe_log    = aws_cloudwatch_log_group.pipe.kms_key_id
      pipe_dlq    = module.pipe_dlq.under_key
      schedule    = aws_scheduler_schedule.sweeper[0].kms_key_arn
      sweeper_dlq = module.sweeper_dlq.under_key
    } == { for thing in ["bus", "pipe", "pipe_log", "pipe_dlq", "schedule", "sweeper_dlq"] : thing => var.encryption_key.arn }
    error_message = "The bus, the pipe, the schedule, their DLQs and the pipe's log are under the key."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.pipe_key[0].policy).Statement == [{
      Sid      = "UseKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      Resource = ["arn:aws:kms:eu-west-1:111122223333:key/k"]
    }]
    error_message = "The pipe's role uses the key: for its settings, the stream and the DLQ."
  }

  assert {
    condition = {
      for s in jsondecode(aws_iam_role_policy.schedule_key[0].policy).Statement : s.Sid => [s.Action, s.Condition.StringEquals]
      } == {
      UseKeyThroughSqs    = [["kms:Decrypt", "kms:GenerateDataKey"], { "kms:ViaService" = "sqs.eu-west-1.amazonaws.com" }]
      ReadInputOfSchedule = [["kms:Decrypt"], { "kms:EncryptionContext:aws:scheduler:schedule:arn" = "arn:aws:scheduler:eu-west-1:111122223333:schedule/outbox-outbox-sweeper/outbox-outbox-sweeper" }]
    }
    error_message = "The schedule's role writes to its DLQ through SQS, and reads its own input."
  }
}
