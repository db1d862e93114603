using Osprey.Target.Architectures;
using Osprey.Target.Memory;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>The caller's registers, as a rule gives them.</summary>
/// <param name="Registers">The registers; null when they can't be computed.</param>
/// <param name="CanonicalFrameAddress">The CFA of the frame that it called.</param>
/// <param name="UnreadableAddress">The place in the stack that can't be read; null when all could be.</param>
/// <param name="Problem">The reason why a caller can't be computed; null when it can, or memory is the reason.</param>
internal readonly record struct RuleStep(
    RegisterSet? Registers,
    ulong CanonicalFrameAddress,
    ulong? UnreadableAddress,
    string? Problem
)
{
    /// <summary>Applies a rule that gives a caller.</summary>
    /// <param name="rule">The rule; it has a base.</param>
    /// <param name="old">The registers of the frame that was called.</param>
    /// <param name="memory">The guest's memory, as the stack's address space has it.</param>
    public static RuleStep Apply(UnwindRule rule, RegisterSet old, IMemoryReader memory)
    {
        Architecture architecture = old.Architecture;
        if (rule.Base is not { } register || !old.TryGet(register, out ulong cfa))
            return new RuleStep(null, 0, null, $"{rule.Base} is not known");

        cfa = unchecked(cfa + (ulong)rule.Offset);
        if (rule.IndirectOffset is { } added)
        {
            if (!architecture.TryReadPointer(memory, cfa, out ulong word))
                return new RuleStep(null, 0, cfa, null);

            cfa = unchecked(word + (ulong)added);
        }

        // Registers that calls have nothing to do with, such as control registers, stay.
        var registers = new RegisterSet(architecture);
        registers.Take(old, architecture.UnaffectedMask & ~(1UL << architecture.ProgramCounter.Index));
        for (int i = 0; i < rule.Unchanged.Count; i++)
            registers[rule.Unchanged[i]] = old[rule.Unchanged[i]];

        registers[architecture.StackPointer] = cfa;
        for (int i = 0; i < rule.Saved.Count; i++)
        {
            SavedRegister saved = rule.Saved[i];
            ulong place = cfa;
            if (saved.Base is { } from && !old.TryGet(from, out place))
                return new RuleStep(null, cfa, null, $"{from} is not known");

            place = unchecked(place + (ulong)saved.Offset);
            if (!architecture.TryReadPointer(memory, place, out ulong value))
                return new RuleStep(null, cfa, place, null);

            registers[saved.Register] =
                saved.Register.Size < sizeof(ulong) ? value & ((1UL << (saved.Register.Size * 8)) - 1) : value;
        }

        return new RuleStep(registers, cfa, null, null);
    }
}
