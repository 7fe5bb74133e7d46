# Sourced by mvnw: sets JAVA_HOME to a JDK of release 25 or newer and puts it first on the PATH, because on many machines
# `java` is still an older release, with the newer one beside it. JAVA_HOME is taken if it will do; otherwise the first
# JDK 25 of the PATH and the usual places, and only where there is none, the first newer one.

# A function body in parentheses is a subshell: globbing and variables stay as mvnw set them.
find_jdk() (
    set +ef
    oldest=25

    # The release of the JDK in $1 (25 for 25.0.3), or nothing if that is no JDK. Starting java costs more than all the
    # rest, hence the file `release`, which every common distribution of the JDK has.
    feature_of() {
        [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return
        version=
        if [ -r "$1/release" ]; then
            while IFS='="' read -r key _ value _; do
                [ "$key" != JAVA_VERSION ] || version=$value
            done <"$1/release"
        fi
        if [ -z "$version" ]; then
            version=$("$1/bin/javac" -version 2>&1)
            version=${version#javac }
        fi
        version=${version%%[!0-9]*}
        [ "$version" -ge "$oldest" ] 2>/dev/null && echo "$version"
    }

    if [ -n "${JAVA_HOME-}" ] && [ -n "$(feature_of "$JAVA_HOME")" ]; then
        echo "$JAVA_HOME"
        return
    fi

    javac=$(readlink -f "$(command -v javac)" 2>/dev/null)
    java=$(readlink -f "$(command -v java)" 2>/dev/null)
    newer=
    for home in "${javac%/bin/javac}" "${java%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* \
        "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*; do
        feature=$(feature_of "$home")
        if [ "$feature" = "$oldest" ]; then
            echo "$home"
            return
        fi
        [ -z "$feature" ] || newer=${newer:-$home}
    done
    [ -n "$newer" ] && echo "$newer"
)

if ! JAVA_HOME=$(find_jdk); then
    {
        echo "This build needs a JDK (with javac) of release 25 or newer, and found none in JAVA_HOME, on the PATH,"
        echo "in /usr/lib/jvm, /usr/java, /opt, ~/.sdkman/candidates/java or ~/.jdks."
        echo "Install one (a package such as openjdk-25-jdk-headless or temurin-25-jdk) or set JAVA_HOME to it."
    } >&2
    exit 1
fi
PATH=$JAVA_HOME/bin:$PATH
export JAVA_HOME PATH
