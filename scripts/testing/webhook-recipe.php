<?php
// A receiver for `php -S`, after the published recipe: a later value of a name in the header replaces an earlier one.
// Arguments come from the environment: the file with the secret, and the name of the header.
$payload = file_get_contents('php://input');
$parts = [];
foreach (explode(',', $_SERVER[getenv('RECIPE_HEADER')] ?? '') as $part) {
    [$name, $value] = explode('=', $part, 2) + [1 => ''];
    $parts[$name] = $value;
}
$timestamp = (int) ($parts['t'] ?? 0);
$computed = hash_hmac('sha256', $timestamp . '.' . $payload, trim(file_get_contents(getenv('RECIPE_SECRET_FILE'))));
$isValid = abs(time() - $timestamp) <= 300 && hash_equals($computed, $parts['v1'] ?? '');
http_response_code($isValid ? 200 : 401);
