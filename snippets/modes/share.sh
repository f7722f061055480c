# The page at which a browser ends that opens $url and this.
opens() {
  curl -sL --retry 9 --retry-connrefused -c session -o page.html -w "%{url_effective}" "$url$1" |
    sed "s|$url||"
}

marimo run dashboard.py --headless > open.log 2>&1 &
until grep -qs "http" open.log; do sleep 0.2; done
url=$(grep -o "http://.*" open.log)
echo "Without a password: $(opens /)"
kill $!; wait

printf "a-long-password" > password.txt
marimo run dashboard.py --headless --token-password-file password.txt > app.log 2>&1 &
until grep -qs "http" app.log; do sleep 0.2; done
url=$(grep -o "http://[^?]*" app.log)
echo "With one, not said: $(opens /)"
echo "With one, and said: $(opens "/?access_token=$(cat password.txt)")"
kill $!; wait
