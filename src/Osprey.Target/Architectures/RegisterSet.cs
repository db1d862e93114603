using System.Diagnostics.CodeAnalysis;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Architectures;

/// <summary>What the registers of a CPU or of a saved context hold, and which of them are known at all.</summary>
public sealed class RegisterSet
{
    /// <summary>How many registers there are.</summary>
    public const int Count = (int)X64Register.Efer + 1;

    private readonly ulong[] _values = new ulong[Count];
    private ulong _known;

    /// <summary>None known.</summary>
    public RegisterSet() { }

    private RegisterSet(RegisterSet other)
    {
        other._values.CopyTo(_values, 0);
        _known = other._known;
    }

    /// <summary>A register's value; null when it is not known.</summary>
    public ulong? this[X64Register register]
    {
        get => TryGet(register, out ulong value) ? value : null;
        set
        {
            ulong bit = 1UL << (int)register;
            _values[(int)register] = value ?? 0;
            _known = value is null ? _known & ~bit : _known | bit;
        }
    }

    /// <summary>A register's value, if it is known.</summary>
    public bool TryGet(X64Register register, out ulong value)
    {
        value = _values[(int)register];
        return (_known >> (int)register & 1) != 0;
    }

    /// <summary>A copy that can be changed by itself.</summary>
    public RegisterSet Copy() => new(this);

    /// <summary>The register of a name such as "rip" or "fs_base", in either case.</summary>
    public static bool TryParseName(string name, [NotNullWhen(true)] out X64Register? register)
    {
        bool known =
            Enum.TryParse(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out X64Register found)
            && Enum.IsDefined(found)
            && !char.IsAsciiDigit(name[0]);
        register = known ? found : null;
        return known;
    }
}
