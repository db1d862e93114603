namespace Osprey.Session.Answers;

/// <summary>The meaning of a column's values, from which each front end chooses how to show them.</summary>
public enum ColumnKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Number,

    /// <summary>An address: hexadecimal text behind 0x, since many programs cannot hold 64 bits as a number.</summary>
    Address,

    /// <summary>A size in bytes.</summary>
    Size,

    /// <summary>A time in nanoseconds since the guest's boot.</summary>
    Time,

    /// <summary>A length of time in nanoseconds.</summary>
    Duration,

    /// <summary>A share in percent.</summary>
    Share,

    /// <summary>Something per second.</summary>
    Rate,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Bytes, as hexadecimal digits.</summary>
    Bytes,

    /// <summary>A value of one of the guest's types: a number, text, or nested members and elements.</summary>
    Value,

    /// <summary>A list of values that have no columns of their own.</summary>
    List,

    /// <summary>Values by names that are known only from the row.</summary>
    Map,

    /// <summary>One record with columns of its own.</summary>
    Record,

    /// <summary>Any number of records with columns of their own.</summary>
    Records,
}
