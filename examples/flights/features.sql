-- One row in, one row out: the same text runs in training, evaluation, serving and drift checks.
-- Hours and weekdays are categories: lateness does not rise in a straight line through the day.
select
  row_id,
  origin,
  destination,
  distance,
  strftime(departure, '%H') as hour,
  dayname(departure) as weekday
from data
