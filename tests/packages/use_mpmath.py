# needs: mpmath==1.4.1
from mpmath import *

mp.dps = 40
print(pi, e, sqrt(2), gamma(0.5)**2, zeta(3))
print(quad(lambda x: exp(-x**2), [-inf, inf]), findroot(cos, 1.5), nsum(lambda n: 1 / n**2, [1, inf]), diff(sin, 0))
print(polyroots([1, 0, -2]), matrix([[1, 2], [3, 4]])**-1, besselj(0, 1), mpf('0.1') + mpf('0.2'), mpc(1, 2) ** 2)
print(identify(0.5773502691896257), taylor(sin, 0, 5), mpi(1, 2) * 3, nstr(pi, 10), fac(30), log(10), erf(1), lambertw(1))
