"""The SQL of campaigns, over the views of `crm.warehouse.queries`.

Of campaigns that are neither deleted nor cancelled, and customers who are there.
"""

DRAWN = """
SELECT
    campaign_id,
    customer_id,
    held_out,
    greatest(added_on, coalesce(starts_on, added_on)) AS day,
    reached_on,
    responded_on
FROM house.recipient
JOIN house.campaign USING (campaign_id)
JOIN customer USING (customer_id)
WHERE campaign.status <> 'cancelled' AND NOT walk_in
"""

OUTCOMES = f"""
WITH drawn AS ({DRAWN} AND campaign_id = $campaign),
bought AS (
    SELECT
        customer_id,
        count(*) FILTER (WHERE kind = 'sale') AS orders,
        CAST(sum(total) AS DOUBLE) AS revenue
    FROM drawn
    JOIN counted USING (customer_id)
    WHERE ordered_on > day AND ordered_on <= day + $days
    GROUP BY customer_id
)
SELECT
    customer_id,
    held_out,
    day,
    coalesce(orders, 0) AS orders,
    coalesce(revenue, 0) AS revenue
FROM drawn
LEFT JOIN bought USING (customer_id)
WHERE day <= $as_of
ORDER BY customer_id
"""  # noqa: S608  (of our own words only)

CAMPAIGNS = f"""
SELECT DISTINCT campaign_id FROM ({DRAWN}) WHERE day <= $as_of ORDER BY campaign_id
"""  # noqa: S608  (of our own words only)

RESPONSES = f"""
SELECT
    customer_id,
    count(*) AS reached,
    count(*) FILTER (WHERE responded_on <= $as_of) AS responded
FROM ({DRAWN})
WHERE reached_on > $since AND reached_on <= $as_of
GROUP BY customer_id
ORDER BY customer_id
"""  # noqa: S608  (of our own words only)
