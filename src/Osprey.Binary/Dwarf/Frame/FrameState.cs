namespace Osprey.Binary.Dwarf.Frame;

/// <summary>The rules at one point of a call frame program.</summary>
internal sealed class FrameState
{
    // Processors have some hundred DWARF registers at most; programs name fewer than 20.
    private const int MaxRegisters = 512;

    private FrameRegister[] _registers = new FrameRegister[16];
    private int _count;

    public CfaRule Cfa { get; set; }

    public bool IsReturnAddressSigned { get; set; }

    /// <summary>Returns a copy of the rules.</summary>
    public FrameRegister[] GetRegisters() => _registers[.._count];

    /// <summary>Removes all rules.</summary>
    public void Clear()
    {
        _count = 0;
        Cfa = default;
        IsReturnAddressSigned = false;
    }

    /// <summary>Takes over the rules of another state.</summary>
    public void CopyFrom(FrameState other)
    {
        if (_registers.Length < other._count)
            _registers = new FrameRegister[other._registers.Length];

        other._registers.AsSpan(0, other._count).CopyTo(_registers);
        _count = other._count;
        Cfa = other.Cfa;
        IsReturnAddressSigned = other.IsReturnAddressSigned;
    }

    /// <summary>Returns a register's rule; an unspecified one when it has none.</summary>
    public RegisterRule Get(int register)
    {
        int index = Find(register);
        return index < 0 ? default : _registers[index].Rule;
    }

    /// <summary>Sets a register's rule; an unspecified one removes it.</summary>
    /// <returns>False when there are too many registers.</returns>
    public bool TrySet(int register, in RegisterRule rule)
    {
        int index = Find(register);
        if (index >= 0)
        {
            if (rule.Kind == RegisterRuleKind.Unspecified)
                _registers.AsSpan(index + 1, --_count - index).CopyTo(_registers.AsSpan(index));
            else
                _registers[index] = new FrameRegister(register, rule);

            return true;
        }

        if (rule.Kind == RegisterRuleKind.Unspecified)
            return true;

        if (_count >= MaxRegisters)
            return false;

        if (_count == _registers.Length)
            Array.Resize(ref _registers, _count * 2);

        _registers[_count++] = new FrameRegister(register, rule);
        return true;
    }

    private int Find(int register)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_registers[i].Number == register)
                return i;
        }

        return -1;
    }
}
