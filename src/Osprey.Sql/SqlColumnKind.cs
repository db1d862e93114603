namespace Osprey.Sql;

/// <summary>The kinds of column that an answer has.</summary>
public enum SqlColumnKind
{
    /// <summary>Text, and everything that is written as text: times, lists, bytes.</summary>
    Text,

    /// <summary>Whole numbers of up to 64 bits with a sign.</summary>
    Integer,

    /// <summary>Whole numbers of up to 64 bits without a sign.</summary>
    Unsigned,

    /// <summary>Numbers with a fraction.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
