package dev.customrag.document;

/** Where an object is. Its key says nothing of whose it is or what it holds. */
record ObjectLocation(String bucket, String key) {

    /** As the table of jobs has it: V8__contents.sql writes it, too. A bucket's name has no slash. */
    String data() {
        return bucket + "/" + key;
    }

    static ObjectLocation of(String data) {
        int slash = data.indexOf('/');
        return new ObjectLocation(data.substring(0, slash), data.substring(slash + 1));
    }
}
