using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Tests.Target.Architectures;

public sealed class RegisterSetTests
{
    /// <summary>
    /// Whatever is set, forgotten, copied and taken over, in whatever order, a set knows what a dictionary knows.
    /// </summary>
    [Fact]
    public void Registers_SetAndForgottenAndCopied_AreThoseOfADictionary()
    {
        IReadOnlyList<Register> all = X64Architecture.Instance.Registers;
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var set = new RegisterSet(X64Architecture.Instance);
            var expected = new Dictionary<Register, ulong>();
            for (int i = 0; i < 60; i++)
            {
                // The first ones alone, or all.
                Register register = all[random.Next(seed % 2 == 0 ? 18 : all.Count)];
                switch (random.Next(4))
                {
                    case 0:
                        set[register] = null;
                        expected.Remove(register);
                        break;
                    case 1:
                        set = Change(set.Copy(), set, register);
                        break;
                    case 2:
                        ulong mask = (ulong)random.NextInt64();
                        var taken = new RegisterSet(X64Architecture.Instance);
                        taken.Take(set, mask);
                        set = taken;
                        expected = expected
                            .Where(item => (mask >> item.Key.Index & 1) != 0)
                            .ToDictionary(item => item.Key, item => item.Value);
                        break;
                    default:
                        ulong value = (ulong)random.NextInt64();
                        set[register] = value;
                        expected[register] = value;
                        break;
                }

                Assert.All(
                    all,
                    known =>
                        Assert.Equal(expected.TryGetValue(known, out ulong value) ? value : (ulong?)null, set[known])
                );
            }
        }
    }

    /// <summary>Gives the original back after its copy was changed.</summary>
    private static RegisterSet Change(RegisterSet copy, RegisterSet original, Register register)
    {
        copy[register] = copy[register] is { } value ? ~value : 1;
        return original;
    }
}
