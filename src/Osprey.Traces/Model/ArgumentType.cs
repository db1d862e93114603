namespace Osprey.Traces.Model;

/// <summary>The ways in which an argument is stored. The values are the signature's own characters.</summary>
public enum ArgumentType : byte
{
    /// <summary>One character; 1 byte.</summary>
    Char = (byte)'c',

    /// <summary>A signed integer of 1 byte.</summary>
    SByte = (byte)'b',

    /// <summary>An unsigned integer of 1 byte.</summary>
    Byte = (byte)'B',

    /// <summary>A signed integer of 2 bytes.</summary>
    Int16 = (byte)'h',

    /// <summary>An unsigned integer of 2 bytes.</summary>
    UInt16 = (byte)'H',

    /// <summary>A signed integer of 4 bytes.</summary>
    Int32 = (byte)'i',

    /// <summary>An unsigned integer of 4 bytes.</summary>
    UInt32 = (byte)'I',

    /// <summary>A signed integer of 8 bytes.</summary>
    Int64 = (byte)'q',

    /// <summary>An unsigned integer of 8 bytes.</summary>
    UInt64 = (byte)'Q',

    /// <summary>True or false; 1 byte.</summary>
    Boolean = (byte)'?',

    /// <summary>A floating-point number of 4 bytes.</summary>
    Single = (byte)'f',

    /// <summary>A floating-point number of 8 bytes.</summary>
    Double = (byte)'d',

    /// <summary>An address; 8 bytes.</summary>
    Pointer = (byte)'P',

    /// <summary>A length byte and its text in a field of fixed size (50 bytes in every known trace).</summary>
    Text = (byte)'p',

    /// <summary>A 16-bit length and so many bytes.</summary>
    Blob = (byte)'*',
}
