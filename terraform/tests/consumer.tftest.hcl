mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name        = "notifications"
  name_prefix = "outbox"
  policy      = "in-order"
  on          = { order = [] }
  package     = "./tests/fixtures/notifications/notifications.zip"
  outbox = {
    event_bus_name     = "outbox-events"
    event_source       = "orders"
    writer_environment = { OUTBOX_TABLE_NAME = "outbox-outbox", EVENT_SOURCE = "orders", OUTBOX_THRESHOLD_SECONDS = "60" }
    writer_policy_statements = [
      {
        sid        = "CommitEvents"
        actions    = ["dynamodb:PutItem", "dynamodb:UpdateItem"]
        resources  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
        conditions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      },
      {
        sid       = "ReadOutbox"
        actions   = ["dynamodb:GetItem"]
        resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
      },
    ]
    reader_environment = { SOURCE_OUTBOX_TABLE_NAME = "outbox-outbox" }
    reader_policy_statements = [{
      sid       = "AskForLateEvents"
      actions   = ["dynamodb:GetItem"]
      resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"]
    }]
  }
}

run "in_order" {
  module {
    source = "./modules/consumer"
  }

  assert {
    condition     = local.max_receive_count == 243
    error_message = "The consumer counts attempts itself; SQS's count is the back-stop for crashes: one to arrive, twenty to park for an hour, a hundred to wait for three days, twenty attempts."
  }

  assert {
    condition     = output.environment["SOURCE_OUTBOX_TABLE_NAME"] == "outbox-outbox" && strcontains(output.role_policy_json, "AskForLateEvents")
    error_message = "An in-order consumer may ask the outbox whether what it waits for was published."
  }

  assert {
    condition     = output.environment["IN_ORDER_START"] == "beginning" && output.environment["MAX_ATTEMPTS"] == "20"
    error_message = "Unless told otherwise the beginning of an aggregate is waited for, and an event is tried twenty times."
  }

  assert {
    condition     = module.handler.function_name == "outbox-notifications" && output.table_name == "outbox-notifications"
    error_message = "All that a consumer owns is named after it."
  }
}

run "where_the_outbox_can_not_be_read" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    outbox = { event_bus_name = "outbox-events", event_source = "orders" }
  }

  assert {
    condition     = !contains(keys(output.environment), "SOURCE_OUTBOX_TABLE_NAME") && output.environment["PARK_BUDGET_SECONDS"] == "3600"
    error_message = "An in-order consumer that knows only the bus has its park budget."
  }
}

run "told_of_a_table_that_it_may_not_read" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    outbox = { event_bus_name = "outbox-events", event_source = "orders", reader_environment = { SOURCE_OUTBOX_TABLE_NAME = "t" } }
  }

  expect_failures = [var.outbox]
}

run "once_with_types" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    name     = "fulfilment"
    policy   = "once"
    on       = { order = ["OrderUpdated", "OrderCreated"], shipment = [] }
    settings = { max_attempts = 3 }
  }

  assert {
    condition     = length(jsondecode(module.handler.event_pattern).detail["$or"]) == 2
    error_message = "A consumer that needs no order may listen to several aggregates, and to types of them."
  }

  assert {
    condition     = local.max_receive_count == 100 && output.environment["MAX_ATTEMPTS"] == "3"
    error_message = "Nothing is parked: receives are counted for crashes alone."
  }

  assert {
    condition     = !contains(keys(output.environment), "OUTBOX_TABLE_NAME") && !contains(keys(output.environment), "SOURCE_OUTBOX_TABLE_NAME") && !strcontains(output.role_policy_json, "AskForLateEvents")
    error_message = "A consumer that emits nothing and needs no order isn't told of the outbox."
  }
}

run "latest_with_index" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    name    = "order-view"
    policy  = "latest"
    indexes = { byCustomer = { hash_key = "customerId", range_key = "placedAt" } }
  }

  assert {
    condition = [for index in aws_dynamodb_table.this.global_secondary_index : [index.name, index.hash_key, index.range_key, index.projection_type]] == [
      ["byCustomer", "customerId", "placedAt", "ALL"]
    ]
    error_message = "The read model's index projects everything."
  }

  assert {
    condition     = toset([for attribute in aws_dynamodb_table.this.attribute : attribute.name]) == toset(["pk", "sk", "customerId", "placedAt"])
    error_message = "Only keys are declared."
  }
}

run "long_budget" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    settings = { park_budget_seconds = 86400 }
  }

  # 1, 2, 4 … 256 s are nine receives and 511 s; 287 more of 300 s reach a day; a hundred more three days; one to arrive;
  # twenty attempts.
  assert {
    condition     = local.max_receive_count == 519
    error_message = "A parked message outlives its whole budget before SQS gives it up."
  }
}

run "short_budget" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    settings = { park_budget_seconds = 63 }
  }

  # 1 + 2 + 4 + 8 + 16 + 32 = 63 s are six receives; one more asks for what is missing, and one is at the budget's end.
  assert {
    condition     = local.park_receives == 8
    error_message = "A short budget is counted along the doubling waits."
  }
}

run "emits" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    emits             = true
    environment       = { CARRIER_URL = "https://carrier.example.com", CONSUMER_NAME = "another" }
    policy_statements = [{ sid = "More", actions = ["sns:Publish"], resources = ["arn:aws:sns:eu-west-1:111122223333:t"] }]
  }

  assert {
    condition = { for name in ["OUTBOX_TABLE_NAME", "EVENT_SOURCE", "OUTBOX_THRESHOLD_SECONDS", "CARRIER_URL", "CONSUMER_NAME"] : name => output.environment[name] } == {
      OUTBOX_TABLE_NAME        = "outbox-outbox"
      EVENT_SOURCE             = "orders"
      OUTBOX_THRESHOLD_SECONDS = "60"
      CARRIER_URL              = "https://carrier.example.com"
      CONSUMER_NAME            = "notifications"
    }
    error_message = "A consumer that emits is told of the outbox; what it is told besides replaces nothing of the module's."
  }

  assert {
    condition = [for s in slice(jsondecode(output.role_policy_json).Statement, 5, 9) : [s.Action, s.Resource, try(s.Condition, {})]] == [
      [["dynamodb:PutItem", "dynamodb:UpdateItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"], { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }],
      [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"], {}],
      [["dynamodb:GetItem"], ["arn:aws:dynamodb:eu-west-1:111122223333:table/outbox-outbox"], {}],
      [["sns:Publish"], ["arn:aws:sns:eu-west-1:111122223333:t"], {}],
    ]
    error_message = "It writes to the outbox in transactions only, and may do what it is granted besides."
  }
}

run "in_order_with_types" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    on = { order = ["OrderCreated"] }
  }
  expect_failures = [var.on]
}

run "latest_of_two_aggregates" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    policy = "latest"
    on     = { order = [], shipment = [] }
  }
  expect_failures = [var.on]
}

run "everything_of_the_source" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    policy = "once"
    on     = {}
  }
  expect_failures = [var.on]
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    settings = {
      in_order_start        = "somewhere"
      park_budget_seconds   = 10
      lag_objective_seconds = 0
      max_attempts          = 0
      inbox_retention_days  = 14
    }
  }
  expect_failures = [var.settings]
}

run "unknown_policy" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    policy = "at-least-once"
  }
  expect_failures = [var.policy]
}

run "emits_to_an_outbox_that_nobody_named" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    emits  = true
    outbox = { event_bus_name = "outbox-events", event_source = "orders" }
  }
  expect_failures = [var.emits]
}

run "secrets" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    secrets = {
      CARRIER_TOKEN = "arn:aws:ssm:eu-west-1:111122223333:parameter/orders/carrier-token"
      MAIL          = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/mail-AbCdEf"
    }
  }

  assert {
    condition     = output.environment["CARRIER_TOKEN_ARN"] == var.secrets["CARRIER_TOKEN"] && output.environment["MAIL_ARN"] == var.secrets["MAIL"]
    error_message = "A function is told where its secrets are, never the secrets."
  }

  assert {
    condition = {
      for s in jsondecode(output.role_policy_json).Statement : s.Sid => [s.Action, s.Resource] if startswith(s.Sid, "ReadSecret")
      } == {
      ReadSecretCarrierToken = [["ssm:GetParameter"], ["arn:aws:ssm:eu-west-1:111122223333:parameter/orders/carrier-token"]]
      ReadSecretMail         = [["secretsmanager:GetSecretValue"], ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/mail-AbCdEf"]]
    }
    error_message = "It may read just these, each where it is kept."
  }
}

run "a_secret_itself" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    secrets = { CARRIER_TOKEN = "s3cr3t" }
  }
  expect_failures = [var.secrets]
}

run "every_secret_there_is" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    secrets = { CARRIER_TOKEN = "arn:aws:ssm:eu-west-1:111122223333:parameter/*" }
  }
  expect_failures = [var.secrets]
}

run "prefix_with_capitals" {
  command = plan
  module {
    source = "./modules/consumer"
  }
  variables {
    name_prefix = "Outbox"
  }
  expect_failures = [var.name_prefix]
}
