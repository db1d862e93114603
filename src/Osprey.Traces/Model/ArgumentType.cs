namespace Osprey.Traces.Model;

/// <summary>The ways in which an argument is stored. The values are the signature's own characters.</summary>
public enum ArgumentType : byte
{
    Char = (byte)'c',
    SByte = (byte)'b',
    Byte = (byte)'B',
    Int16 = (byte)'h',
    UInt16 = (byte)'H',
    Int32 = (byte)'i',
    UInt32 = (byte)'I',
    Int64 = (byte)'q',
    UInt64 = (byte)'Q',
    Boolean = (byte)'?',
    Single = (byte)'f',
    Double = (byte)'d',

    /// <summary>An address; 8 bytes.</summary>
    Pointer = (byte)'P',

    /// <summary>A length byte and its text in a field of fixed size (50 bytes in every known trace).</summary>
    Text = (byte)'p',

    /// <summary>A 16-bit length and so many bytes.</summary>
    Blob = (byte)'*',
}
