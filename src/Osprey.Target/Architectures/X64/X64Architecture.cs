using Osprey.Binary.Elf;

namespace Osprey.Target.Architectures.X64;

/// <summary>x86-64, as the System V ABI uses it.</summary>
public static class X64Architecture
{
    /// <summary>The architecture.</summary>
    public static Architecture Instance { get; } =
        new("x86-64", X64Register.All)
        {
            ProgramCounter = X64Register.Rip,
            StackPointer = X64Register.Rsp,
            FramePointer = X64Register.Rbp,
            ThreadPointer = X64Register.FsBase,
            Parts = NameParts(),
            AddressBits = 48, // with five levels of page tables 57, but no known kernel puts code or stacks there
            Machines = [ElfMachine.X64, ElfMachine.I386],
            GdbNames = ["i386:x86-64"],
            Calls = new X64Calls(),
            SimpleInstructions = new X64SimpleInstructions(),
            LocateCode = X64CodeMode.LocateCode,
            CreateRecognizer = code => new X64FrameRecognizer(code),
        };

    /// <summary>The parts of general registers: eax, ax, al, ah, r8d, r8w, r8l and so on.</summary>
    private static Dictionary<string, RegisterPart> NameParts()
    {
        var parts = new Dictionary<string, RegisterPart>(StringComparer.Ordinal)
        {
            ["eip"] = new RegisterPart(X64Register.Rip, 4),
        };
        foreach (Register register in X64Register.All.Take(X64Register.Rip.Index))
        {
            string name = register.Name;
            if (char.IsAsciiDigit(name[1]))
            {
                parts[name + "d"] = new RegisterPart(register, 4);
                parts[name + "w"] = new RegisterPart(register, 2);
                parts[name + "l"] = new RegisterPart(register, 1);
                continue;
            }

            string word = name[1..]; // ax, si, bp
            parts["e" + word] = new RegisterPart(register, 4);
            parts[word] = new RegisterPart(register, 2);
            if (word[1] == 'x')
            {
                parts[$"{word[0]}l"] = new RegisterPart(register, 1);
                parts[$"{word[0]}h"] = new RegisterPart(register, 1, 8);
            }
            else
            {
                parts[word + "l"] = new RegisterPart(register, 1);
            }
        }

        return parts;
    }
}
