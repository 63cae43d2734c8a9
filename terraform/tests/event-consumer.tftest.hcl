mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                  = "notifications"
  name_prefix           = "outbox"
  policy                = "in-order"
  lag_objective_seconds = 60
  location              = { partition = "aws", region = "eu-west-1", account_id = "111122223333" }
  event_bus_name        = "outbox-events"
  event_source          = "orders"
  event_type_prefix     = "Order"
  artifacts_dir         = "./tests/fixtures"
}

run "in_order" {
  module {
    source = "./modules/event-consumer"
  }

  # 1, 2, 4 … 256 s are nine receives and 511 s; 11 more of 300 s reach 3600 s; one to arrive; ten for crashes.
  assert {
    condition     = local.max_receive_count == 31
    error_message = "A parked message outlives its whole budget before SQS gives it up."
  }

  assert {
    condition     = module.handler.function_name == "outbox-notifications" && output.table_name == "outbox-notifications"
    error_message = "All that a consumer owns is named after it."
  }
}

run "once_with_types" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    name        = "fulfilment"
    policy      = "once"
    event_types = ["OrderUpdated", "OrderCreated"]
  }

  assert {
    condition     = output.event_types == tolist(["OrderCreated", "OrderUpdated"])
    error_message = "The types are told, sorted."
  }

  assert {
    condition     = local.max_receive_count == 10
    error_message = "Nothing is parked: receives are counted for crashes alone."
  }
}

run "latest_with_index" {
  command = plan
  module {
    source = "./modules/event-consumer"
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

run "short_budget" {
  module {
    source = "./modules/event-consumer"
  }
  variables {
    park_budget_seconds = 63
  }

  # 1 + 2 + 4 + 8 + 16 + 32 = 63 s are six receives.
  assert {
    condition     = local.max_receive_count == 17
    error_message = "A short budget is counted along the doubling waits."
  }
}

run "in_order_with_types" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    event_types = ["OrderCreated"]
  }
  expect_failures = [var.event_types]
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    in_order_start        = "somewhere"
    park_budget_seconds   = 10
    lag_objective_seconds = 0
  }
  expect_failures = [var.in_order_start, var.park_budget_seconds, var.lag_objective_seconds]
}

run "unknown_policy" {
  command = plan
  module {
    source = "./modules/event-consumer"
  }
  variables {
    policy = "at-least-once"
  }
  expect_failures = [var.policy]
}
