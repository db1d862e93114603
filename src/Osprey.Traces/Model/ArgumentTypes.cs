namespace Osprey.Traces.Model;

/// <summary>Answers what kind of value an <see cref="ArgumentType"/> holds.</summary>
internal static class ArgumentTypes
{
    extension(ArgumentType type)
    {
        /// <summary>Tells whether it is a floating-point number.</summary>
        public bool IsFloating => type is ArgumentType.Single or ArgumentType.Double;

        /// <summary>Tells whether it is text or a blob.</summary>
        public bool IsBytes => type is ArgumentType.Text or ArgumentType.Blob;

        /// <summary>Tells whether it is a number (or a pointer or boolean) without a fraction.</summary>
        public bool IsInteger => !type.IsFloating && !type.IsBytes && type != ArgumentType.Char;

        /// <summary>Tells whether it can be negative.</summary>
        public bool IsSigned =>
            type is ArgumentType.SByte or ArgumentType.Int16 or ArgumentType.Int32 or ArgumentType.Int64;

        /// <summary>Bits of the value as stored.</summary>
        public int BitCount =>
            type switch
            {
                ArgumentType.Int16 or ArgumentType.UInt16 => 16,
                ArgumentType.Int32 or ArgumentType.UInt32 or ArgumentType.Single => 32,
                ArgumentType.Int64 or ArgumentType.UInt64 or ArgumentType.Double or ArgumentType.Pointer => 64,
                _ => 8,
            };
    }
}
